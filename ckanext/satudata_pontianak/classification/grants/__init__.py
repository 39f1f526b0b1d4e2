"""Who may read what is not open: grants, requests' rules, emergency access."""
