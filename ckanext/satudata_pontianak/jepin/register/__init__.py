"""The register of the city's apps: their life, links, security facts, import and bulk edit."""
