"""Looking back: the management review, rights line by line, and the audit's programme."""
