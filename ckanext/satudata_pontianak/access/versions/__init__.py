"""Versions of a dataset as a reader may have them: which there were, and what differs."""
