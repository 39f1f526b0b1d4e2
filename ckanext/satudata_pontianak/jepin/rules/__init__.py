"""What is decided without a service: where an app may stand in its life, what a check found."""
