"""Requests for access: asked, handled, answered."""
