"""What happened, replayed from the ledger: reports and evidence."""
