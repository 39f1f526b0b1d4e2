"""What agencies do with one another: tasks that are handed over, and the Forum Satu Data."""
