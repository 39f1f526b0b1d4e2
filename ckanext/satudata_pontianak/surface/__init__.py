"""What may come in at all: declared by name in ``schemas/surface``; everything else is refused."""
