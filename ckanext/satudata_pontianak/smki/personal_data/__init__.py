"""Personal data: requests of data subjects, impact assessments, and the desk of who answers."""
