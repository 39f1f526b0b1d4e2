"""How it must happen: SOP documents, made from the definitions that the portal enforces."""
