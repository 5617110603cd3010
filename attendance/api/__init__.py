"""The address where systems of schools push their data: the same rules as for files, with a token per school."""
