"""Pages under /privacy/."""
