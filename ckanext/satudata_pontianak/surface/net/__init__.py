"""Which addresses are public, and connecting to the one that was looked at."""
