"""Document control: which revision of an SOP was signed, and where practice differs from it."""
