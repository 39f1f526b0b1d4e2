"""The dictionary of a dataset: what each column means, and whether everybody may have it."""
