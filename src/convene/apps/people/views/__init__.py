"""Pages about oneself, and the way in."""
