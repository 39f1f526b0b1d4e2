"""What ``schemas/smki/`` says, and what follows from it. Pure."""
