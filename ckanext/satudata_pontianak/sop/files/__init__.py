"""Documents as HTML, PDF, DOCX and tables, with emblem and code."""
