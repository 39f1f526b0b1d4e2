"""Who is told of what is new, and what that is."""
