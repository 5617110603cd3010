"""Reading for pages."""
