"""Is it really this person: sessions, cookies, log-in, second factor."""
