"""Pages of cases, a file per noun."""
