"""The log: who did, saw or changed what, when and why. The ground floor: every app writes to it and it knows none."""
