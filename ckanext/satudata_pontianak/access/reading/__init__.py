"""Reads with the policy laid over them."""
