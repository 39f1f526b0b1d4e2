"""The tables of information-security management, and what is read from them."""
