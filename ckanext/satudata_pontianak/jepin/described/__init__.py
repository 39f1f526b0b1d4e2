"""The metadata of many datasets, changed in one sheet."""
