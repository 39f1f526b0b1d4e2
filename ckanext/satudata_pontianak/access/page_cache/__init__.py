"""Public pages kept for those who come without a name."""
