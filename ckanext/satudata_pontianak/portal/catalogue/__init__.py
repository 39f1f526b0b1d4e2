"""Pages of the public: home, search, datasets, agencies, places."""
