"""What people want to learn: needs and where they come from."""
