"""What a request may bring, and how often; how it is refused."""
