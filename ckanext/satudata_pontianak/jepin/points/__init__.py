"""Points of infrastructure: profiles of tables, their maps and exits, photos of reports."""
