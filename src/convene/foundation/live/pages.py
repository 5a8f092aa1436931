"""A page's live region: the first rendering, made by the same functions as every later one."""

from __future__ import annotations

from dataclasses import dataclass

from convene.foundation.live import queries, rendering, tokens


@dataclass(frozen=True)
class Region:
    token: str
    version: str
    fragments: dict[str, str]
    base: str = ""
    who: object = None


def region(*topics: str, base: str = "", who: object = None) -> Region:
    """Render them now; the page can watch them for a day. Check before whether its reader may.

    `base`: what `{{ base }}` in fragments becomes on this page. `who`: the id of the person whose page it is,
    so that words another left unsent on this device are not sent as theirs.
    """
    # Versions first: what is rendered is then at least as new as the page claims.
    versions = queries.versions(topics)
    variant = rendering.current()
    fragments: dict[str, str] = {}
    for topic, made in rendering.fragments(topics, variant).items():
        doubled = fragments.keys() & made.keys()
        if doubled:
            message = f"{topic}: fragments {sorted(doubled)} are another topic's on this page too"
            raise ValueError(message)
        fragments.update(made)
    token = tokens.sign(tokens.Watch(tuple(versions), variant))
    return Region(token, tokens.spell(versions), fragments, base, who)
