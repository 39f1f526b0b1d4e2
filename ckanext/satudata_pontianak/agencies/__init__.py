"""Who: agencies, their duties, their tree, delegation of a duty."""
