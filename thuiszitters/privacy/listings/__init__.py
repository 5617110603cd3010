"""What the privacy officer's pages show."""
