"""The door: the list of apps for everybody, as page, JSON and badge."""
