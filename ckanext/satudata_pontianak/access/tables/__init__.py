"""The DataStore, with the policy before it."""
