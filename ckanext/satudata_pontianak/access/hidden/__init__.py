"""Unseen answers as unknown."""
