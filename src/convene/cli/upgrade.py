"""After installing a new version: back up, migrate, collect static files, check."""

from __future__ import annotations

import argparse


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene upgrade", description=__doc__)
    parser.add_argument("--no-backup", action="store_true", help="only if you made one a moment ago")
    options = parser.parse_args(argv)

    from convene.cli import _site

    _site.set_up()
    from convene.web.commands import upgrade
    from convene.web.commands.dumps import DumpError

    try:
        return upgrade.upgrade(with_backup=not options.no_backup)
    except DumpError as error:
        _site.stop(f"the backup failed, so nothing was changed: {error}")
