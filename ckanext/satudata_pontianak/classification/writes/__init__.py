"""Writes of datasets and files, kept behind the rules."""
