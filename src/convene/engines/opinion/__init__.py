"""What people think, fairly shown: from votes on statements to axes, groups that hold, and common ground.

    votes = Votes.of(voters, statements, values, times)   # integer arrays; the latest vote counts
    picture = draw_map(votes, seed=0)                      # or labels=…: groups as given
    picture.groups.labels                                  # None unless stable; picture.groups.text says why
    picture.consensus.agree, picture.representative, picture.group_informed_consensus
    picture.as_json()                                      # the map as a file holds it, without any ballot

Everything is pure and made of frozen dataclasses of numpy arrays; n people, m statements, v votes, g groups:

- `Votes`: ``voters`` (n,), ``statements`` (m,) ids; ``person``, ``statement``, ``value`` (v,); ``left_out``
  (m,). `Votes.of` raises `InputError`, whose ``problems`` name each faulty vote by its place.
- `axes_of(votes)` -> `Axes`: ``people`` (n, 2), ``statements`` (m, 2), ``share`` (2,).
- `find_groups(votes, axes)` -> `Groups`: ``labels`` or None, ``reason`` (`Reason`), ``text``,
  ``stability``.
- `tally(votes, labels)` -> `Tally`: counts (g, m); of it `representative`, `consensus`,
  `group_informed_consensus`.
- `draw_map` does all of this.

The mathematics and its sources are in README.md.
"""

from convene.engines.opinion.axes import Axes, axes_of
from convene.engines.opinion.errors import Code, InputError, OpinionError, Problem
from convene.engines.opinion.grouping import (
    Groups,
    Reason,
    Stability,
    adjusted_rand,
    find_groups,
    given_groups,
    stability_of,
)
from convene.engines.opinion.picture import Picture, draw_map
from convene.engines.opinion.tallies import (
    Consensus,
    Direction,
    Stand,
    Tally,
    consensus,
    group_informed_consensus,
    representative,
    tally,
)
from convene.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "Axes",
    "Code",
    "Consensus",
    "Direction",
    "Groups",
    "InputError",
    "OpinionError",
    "Picture",
    "Problem",
    "Reason",
    "Stability",
    "Stand",
    "Tally",
    "Votes",
    "adjusted_rand",
    "axes_of",
    "consensus",
    "draw_map",
    "find_groups",
    "given_groups",
    "group_informed_consensus",
    "representative",
    "stability_of",
    "tally",
]
