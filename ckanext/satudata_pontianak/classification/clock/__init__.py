"""What falls due: deadlines, retention, links, requests."""
