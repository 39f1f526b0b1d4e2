"""Masked files: made from a plan, kept as versions."""
