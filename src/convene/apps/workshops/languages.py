"""Languages a workshop is held in: the same list as the languages people speak."""

from convene.apps.people.languages import language_choices, language_name

__all__ = ["language_choices", "language_name"]
