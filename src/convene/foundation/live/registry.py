"""Which function makes the HTML of a topic: apps register theirs when Django is ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Fragments = dict[str, str]
Render = Callable[[str], Fragments]
RenderMany = Callable[[list[str]], dict[str, Fragments]]


@dataclass(frozen=True)
class Kind:
    name: str
    render: Render
    many: RenderMany | None
    by_zone: bool

    def render_all(self, ids: Sequence[str]) -> dict[str, Fragments]:
        if self.many is not None and len(ids) > 1:
            return self.many(list(ids))
        return {subject_id: self.render(subject_id) for subject_id in ids}


_kinds: dict[str, Kind] = {}


def register(kind: str, render: Render, *, many: RenderMany | None = None, by_zone: bool = True) -> None:
    """Have `render(id)` make the fragments (name -> HTML) of topics `kind:id`.

    Called with the viewers' language and zone active, once for all of them: nothing of one viewer in it,
    unless the id itself is one viewer's. From the database alone, not from the clock. `many` makes several
    at once. `by_zone=False`: no times of day in it, so one rendering serves all zones.
    """
    _kinds[kind] = Kind(kind, render, many, by_zone)


def kind_of(topic: str) -> Kind:
    """Raises LookupError for a kind nobody registered."""
    return _kinds[topic.partition(":")[0]]
