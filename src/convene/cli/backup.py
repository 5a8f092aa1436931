"""Write database, files and key to one archive, while the site runs."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene backup", description=__doc__)
    parser.add_argument("file", type=Path, help="the archive to write, such as convene-2026-11-23.tar.gz")
    parser.add_argument("--keep", type=int, metavar="N", help="then delete all but the N newest beside it")
    options = parser.parse_args(argv)

    from convene.cli import _site

    _site.set_up()
    from convene.web.commands import backup
    from convene.web.commands.dumps import DumpError

    try:
        done = backup.back_up(options.file.absolute())
    except DumpError as error:
        _site.stop(str(error))
    print(f"{done.rows} rows of {len(done.tables)} tables are in {done.path}")
    if options.keep:
        _forget_old(options.file.absolute(), options.keep)
    return 0


def _forget_old(newest: Path, keep: int) -> None:
    """Only files that look like this one: the same ending, beside it."""
    ending = "".join(newest.suffixes)
    beside = [path for path in newest.parent.glob(f"*{ending}") if path.is_file()]
    for path in sorted(beside, key=lambda path: path.stat().st_mtime, reverse=True)[max(keep, 1) :]:
        path.unlink()
        print(f"deleted {path}")
