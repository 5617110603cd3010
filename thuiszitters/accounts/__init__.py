"""Who works where, in which role: organisations, users and memberships. Below all other apps."""
