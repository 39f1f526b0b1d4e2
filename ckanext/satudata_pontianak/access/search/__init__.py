"""Search: what may be asked, what is in the index, what is found."""
