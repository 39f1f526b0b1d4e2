"""The quality of a dataset: what counts, what is lost, and what to do next. Pure."""
