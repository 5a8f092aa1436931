"""How deep people of each unit took part, by closed quarters; never about fewer than five."""
