"""Draw what people think from their votes: axes, groups that hold, common ground."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convene.cli._opinion_tables import Ballots
    from convene.engines.opinion import Picture

BAD_INPUT = 2
_ABOUT = """\
VOTES is a table (CSV, UTF-8) with the columns voter-id, comment-id and vote (1 agree, -1 disagree, 0
pass) and, if votes changed, timestamp: the latest counts. Or participants-votes.csv of an open export:
participant, and a column for each statement. STATEMENTS has comment-id and moderated; those with -1 are
left out. GROUPS has voter-id and group. The map (JSON; it holds no ballot) goes to --out or to standard
output, everything else to standard error. Exit status: 0 done, 2 faulty input."""


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)

    from convene.cli import _opinion_tables as tables
    from convene.cli._draw_tables import BadTableError
    from convene.engines.opinion import draw_map

    if options.out is not None and not options.out.resolve().parent.is_dir():
        return _refuse([f"{options.out}: there is no such folder"])
    try:
        ballots = tables.ballots_of(options.votes, tables.left_out_of(options.statements))
        labels, groups = (None, None) if options.groups is None else tables.labels_of(options.groups, ballots)
    except BadTableError as error:
        return _refuse(error.faults)
    picture = draw_map(ballots.votes, labels=labels, seed=options.seed, few=options.few)
    told = picture.as_json(ballots.voters, ballots.statements, groups)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"
    if options.out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        options.out.write_text(text, encoding="utf-8", newline="\n")
    _summary(picture, ballots)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convene opinions", description=__doc__, epilog=_ABOUT)
    add = parser.add_argument
    add("--votes", type=Path, required=True, metavar="FILE.csv")
    add("--statements", type=Path, metavar="FILE.csv", help="which statements moderation took out")
    add("--groups", type=Path, metavar="FILE.csv", help="groups as given, in place of those found")
    add(
        "--few", action="store_true", help="of fewer than 300 people, also try groups by consensus clustering"
    )
    add("--seed", type=_natural, default=0, metavar="N", help="which resamples tell stability")
    add("--out", type=Path, metavar="map.json", help="default: standard output")
    return parser


def _natural(text: str) -> int:
    if int(text) < 0:
        raise ValueError
    return int(text)


def _refuse(faults: list[str] | tuple[str, ...]) -> int:
    for fault in faults:
        print(fault, file=sys.stderr)
    return BAD_INPUT


def _summary(picture: Picture, ballots: Ballots) -> None:
    votes = picture.votes
    _say(f"{len(votes.voters)} people, {len(votes.statements)} statements, {len(votes)} votes.")
    _say(picture.groups.text[0].upper() + picture.groups.text[1:] + ".")
    for word, stands in (("agree", picture.consensus.agree), ("disagree", picture.consensus.disagree)):
        names = [str(ballots.statements[stand.statement]) for stand in stands]
        if names:
            _say(f"Across everyone, people {word} with: {', '.join(names)}.")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
