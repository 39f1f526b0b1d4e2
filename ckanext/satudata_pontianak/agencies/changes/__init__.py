"""Actions that change who holds which duty."""
