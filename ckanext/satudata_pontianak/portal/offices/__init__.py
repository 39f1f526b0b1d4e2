"""Pages of decrees, delegations, requests, incidents and papers."""
