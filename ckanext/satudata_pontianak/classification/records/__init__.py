"""What the database keeps of cases and versions, and one way to read it."""
