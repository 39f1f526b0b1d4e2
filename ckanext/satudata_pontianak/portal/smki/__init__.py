"""Pages of information-security management, and what looks at the running portal for it."""
