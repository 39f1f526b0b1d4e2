"""What people are told: notices, mails, digests."""
