"""Pages of Jepin: the door for citizens, their reports, and the desks of their answers."""
