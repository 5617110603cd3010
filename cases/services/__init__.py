"""Everything that changes a case, a file per noun."""
