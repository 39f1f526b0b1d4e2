"""What waits for whom: queues, groups of like cases, numbers."""
