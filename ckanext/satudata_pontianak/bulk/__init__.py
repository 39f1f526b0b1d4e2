"""Many datasets from one list: read, checked, brought to the portal by its API, and read back."""
