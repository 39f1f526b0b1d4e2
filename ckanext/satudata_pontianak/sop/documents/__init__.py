"""SOP documents: their rows, made from the definitions."""
