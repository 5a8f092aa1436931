"""The rules of planning, pure: `times` for clocks, `workshop` for states, `checks` for publishing."""
