"""Say what is missing or risky on this site; exit status 1 when something must be mended."""

from __future__ import annotations

import argparse


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene doctor", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="only what is not well")
    options = parser.parse_args(argv)

    from convene.cli import _site

    _site.set_up()
    from convene.web.commands import doctor

    return doctor.report(quiet=options.quiet)
