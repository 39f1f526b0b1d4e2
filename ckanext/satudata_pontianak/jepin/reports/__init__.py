"""What citizens report, and what its owner answers."""
