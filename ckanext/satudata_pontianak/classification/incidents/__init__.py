"""Incidents: begun, told, ended."""
