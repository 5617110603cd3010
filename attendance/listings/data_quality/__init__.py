"""Whether the data of a school is right: what is missing or cannot be true, each with the one thing that solves it."""
