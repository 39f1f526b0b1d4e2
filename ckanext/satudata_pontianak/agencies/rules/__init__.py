"""Pure rules of duties, delegations, decrees and memberships."""
