"""Pages of presence: the door, arriving, one's own record, the three questions, lists of video tools."""
