"""What pages show of attendance, as plain values. Nothing here writes."""
