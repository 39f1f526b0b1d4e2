"""Papers to be signed."""
