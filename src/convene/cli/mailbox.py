"""Read what came back: bounces, and replies to invitations, from a Maildir or one mail on stdin."""

from __future__ import annotations

import argparse
import mailbox as mailboxes
import sys
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene mailbox", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--maildir", type=Path, help="read its new mails, mark those dealt with")
    where.add_argument("--stdin", action="store_true", help="read one mail, as from a mail server's pipe")
    options = parser.parse_args(argv)

    from convene.cli import _site

    _site.set_up()
    if options.stdin:
        print(_receive(sys.stdin.buffer.read()))
        return 0
    if not (options.maildir / "new").is_dir():
        _site.stop(f"{options.maildir} is no Maildir.", 2)
    counts = read_maildir(options.maildir)
    print(", ".join(f"{count} {fate}" for fate, count in sorted(counts.items())) or "nothing new")
    return 0


def read_maildir(path: Path) -> Counter[str]:
    """Each mail not seen yet; those dealt with are marked as seen, the rest stay new for people."""
    box = mailboxes.Maildir(path, create=False)
    counts: Counter[str] = Counter()
    for key in box.keys():  # noqa: SIM118  # a mailbox is no dict: iterating gives the mails
        if "S" in box.get_message(key).get_flags():
            continue
        fate = _receive(box.get_bytes(key))
        counts[fate] += 1
        if fate != "unknown":
            message = box.get_message(key)
            message.set_subdir("cur")
            message.add_flag("S")
            box[key] = message
    return counts


def _receive(raw: bytes) -> str:
    from django.utils import timezone

    from convene.foundation.mail import inbound

    mail = message_from_bytes(raw, policy=policy.default)
    return inbound.receive(mail, now=timezone.now()).value
