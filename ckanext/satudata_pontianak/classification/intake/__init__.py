"""A file before it is a dataset: staged for its author alone, read, and published by them."""
