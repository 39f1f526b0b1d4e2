"""The bytes of a file: fetched, stored, scanned, compared, and made into tables."""
