"""Domain, people and practice together: community, membership, roles, stakeholders, conduct."""
