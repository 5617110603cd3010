"""Everything that changes the table, a file per thing."""
