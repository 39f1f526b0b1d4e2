"""A portal that was there before, taken over."""
