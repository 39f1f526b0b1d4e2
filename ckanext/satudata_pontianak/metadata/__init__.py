"""What a dataset is about: the city's metadata, its code lists, completeness."""
