"""What people want to learn, where that comes from, and the map of what the community stewards."""
