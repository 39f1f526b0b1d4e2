"""Pages of who publishes, checks and decides."""
