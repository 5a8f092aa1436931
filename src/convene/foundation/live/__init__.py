"""Pages that stay up to date while people look at them. Knows no domain; docs/explanation/live.md.

A *topic* is a name `kind:id`. A service touches the topics whose pages it changed, in its own transaction;
a renderer registered for the kind makes the HTML of their fragments; viewers get what changed.
"""


def topic(kind: str, subject_id: object) -> str:
    return f"{kind}:{subject_id}"
