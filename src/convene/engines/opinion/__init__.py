"""What people think, fairly shown: from votes on statements to axes, groups that hold, and common ground.

    votes = Votes.of(voters, statements, values, times)   # integer arrays; the latest vote counts
    picture = draw_map(votes, seed=0)                      # or labels=…: groups as given
    picture.groups.labels                                  # None unless stable; picture.groups.text says why
    picture.common_ground.order, picture.slate.shown, picture.representative
    picture.as_json()                                      # the map as a file holds it, without any ballot

Everything is pure and made of frozen dataclasses of numpy arrays; n people, m statements, v votes, g groups:

- `Votes`: ``voters`` (n,), ``statements`` (m,) ids; ``person``, ``statement``, ``value`` (v,);
  ``left_out`` (m,). `Votes.of` raises `InputError`, whose ``problems`` name each faulty vote by its place.
- `axes_of(votes)` -> `Axes`: ``people`` (n, 2), ``statements`` (m, 2), ``share`` (2,).
- `find_groups(votes, axes)` -> `Groups`: ``labels`` or None, ``reason`` (`Reason`), ``text``, ``stability``.
- `find_groups_of_few(votes)` -> `Groups` by consensus clustering, for fewer than 300 people; by choice only.
- `tally(votes, labels)` -> `Tally`: counts (g, m); of it `representative`, `consensus`,
  `group_informed_consensus`.
- `bridging(votes, axes)` -> `Bridging`: ``worth`` (m,); `common_ground(...)` -> ``order``, hard to capture.
- `slate_of(votes, size)` -> `Slate` with its `Certificate`; `equal_shares` is the same for any approvals, as
  for topics of workshops.
- `draw_map` does all of this.

Beside the map:

- `publish(held, now)` -> `Votes`: the votes public figures may be made from, in batches of five people;
  `hidden`, `cross_table`, `dots`, `room_class`: what else may leave, and how.
- `next_statement(attention, seen, anchors, turn=…, seed=…)`: what a person votes on next; with `Attention`,
  `fair_shares`, `anchors_of`.
- `Live`: one vote at a time, ``refresh()`` when asked.
- `near_duplicates(votes)`: ballots nearly the same, to look into.

The mathematics and its sources are in README.md.
"""

from convene.engines.opinion.axes import Axes, axes_of
from convene.engines.opinion.bridging import Bridging, bridging
from convene.engines.opinion.common_ground import CommonGround, common_ground
from convene.engines.opinion.duplicates import Alike, near_duplicates
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
from convene.engines.opinion.live import Live, Refreshed
from convene.engines.opinion.picture import Picture, draw_map
from convene.engines.opinion.release import (
    Dot,
    RoomClass,
    cross_table,
    dots,
    hidden,
    publish,
    room_class,
)
from convene.engines.opinion.routing import Attention, anchors_of, fair_shares, next_statement
from convene.engines.opinion.slate import (
    Certificate,
    Left,
    Shares,
    Shown,
    Slate,
    certify,
    equal_shares,
    slate_of,
)
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
from convene.engines.opinion.together import Together, find_groups_of_few, together
from convene.engines.opinion.votes import AGREE, DISAGREE, PASS, Votes

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "Alike",
    "Attention",
    "Axes",
    "Bridging",
    "Certificate",
    "Code",
    "CommonGround",
    "Consensus",
    "Direction",
    "Dot",
    "Groups",
    "InputError",
    "Left",
    "Live",
    "OpinionError",
    "Picture",
    "Problem",
    "Reason",
    "Refreshed",
    "RoomClass",
    "Shares",
    "Shown",
    "Slate",
    "Stability",
    "Stand",
    "Tally",
    "Together",
    "Votes",
    "adjusted_rand",
    "anchors_of",
    "axes_of",
    "bridging",
    "certify",
    "common_ground",
    "consensus",
    "cross_table",
    "dots",
    "draw_map",
    "equal_shares",
    "fair_shares",
    "find_groups",
    "find_groups_of_few",
    "given_groups",
    "group_informed_consensus",
    "hidden",
    "near_duplicates",
    "next_statement",
    "publish",
    "representative",
    "room_class",
    "slate_of",
    "stability_of",
    "tally",
    "together",
]
