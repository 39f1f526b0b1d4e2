"""Data held back at once, until PPID has looked."""
