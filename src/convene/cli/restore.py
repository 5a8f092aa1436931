"""Make this site what a backup holds; refuses to overwrite anything without --replace."""

from __future__ import annotations

import argparse
from pathlib import Path


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene restore", description=__doc__)
    parser.add_argument("file", type=Path, help="an archive of `convene backup`")
    parser.add_argument("--replace", action="store_true", help="put what is here aside and restore over it")
    options = parser.parse_args(argv)

    from convene.cli import _site

    _site.set_up()
    from convene.web.commands import backup
    from convene.web.commands.dumps import DumpError

    try:
        done = backup.restore(options.file.absolute(), replace=options.replace)
    except DumpError as error:
        _site.stop(str(error))
    print(f"{done.rows} rows of {len(done.tables)} tables are back.")
    for place in done.put_aside:
        print(f"What was here before is in {place}; delete it when you no longer need it.")
    return 0
