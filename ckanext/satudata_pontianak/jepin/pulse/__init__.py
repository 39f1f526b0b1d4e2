"""The pulse of apps: who is asked, what came back, who is told."""
