"""What people made of the data: proposed by anybody, accepted by a person."""
