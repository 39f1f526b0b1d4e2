"""What apps and datasets cost and how much they are used: brought as a list, read inside."""
