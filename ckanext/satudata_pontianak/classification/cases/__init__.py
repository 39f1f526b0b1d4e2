"""A case: opened, stepped, decided, shown."""
