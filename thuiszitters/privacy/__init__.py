"""What a child and their parents may ask of us, and what ends: inspection, correction, keeping and destroying.

The top floor: it reaches into every app, and none knows it."""
