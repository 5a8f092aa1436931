"""Who came, how we know, and what they said of it."""
