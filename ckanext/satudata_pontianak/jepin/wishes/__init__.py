"""What data the public asks for, and what is answered."""
