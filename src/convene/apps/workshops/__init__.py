"""What the community convenes: workshops, their sessions, series and facilitators. No capacity."""
