"""The demo: agencies, a person for every duty, and datasets that went through the workflow."""
