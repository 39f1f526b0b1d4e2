"""New rules of the scan, tried on what is there."""
