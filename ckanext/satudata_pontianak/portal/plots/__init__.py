"""Pictures of tables and of geographic files, chosen and drawn by the server."""
