"""Information-security management: roles, what is due, which controls hold, by which proof."""
