"""What is done at the privacy officer's pages."""
