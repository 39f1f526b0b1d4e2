"""Charts and maps as shapes, before any format."""
