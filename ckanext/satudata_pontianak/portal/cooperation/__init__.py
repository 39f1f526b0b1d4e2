"""Pages of what agencies do with one another: tasks, the forum, training, help, costs."""
