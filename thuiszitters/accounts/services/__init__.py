"""A file per thing that is done."""
