"""The tables of the room, and who reads them."""
