"""What people are told: every notice, its text and its time, and the calendar entries that go with it."""
