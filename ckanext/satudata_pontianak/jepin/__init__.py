"""Jepin: every app, access point and camera of the city has an owner, a pulse and an SOP."""
