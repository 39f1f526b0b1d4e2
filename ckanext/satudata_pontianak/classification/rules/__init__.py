"""Pure rules of cases: axes, workflow, policy, deadlines. Nothing here knows CKAN."""
