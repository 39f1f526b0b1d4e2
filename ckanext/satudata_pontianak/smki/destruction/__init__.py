"""Destruction of data whose term is over: proposed, approved by a second person, and proven."""
