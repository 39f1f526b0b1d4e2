"""Series: datasets of one agency that are the same but for their period."""
