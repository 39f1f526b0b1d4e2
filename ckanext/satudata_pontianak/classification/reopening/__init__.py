"""Decided things opened again."""
