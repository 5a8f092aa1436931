"""Do what is due: tasks, deadlines, mails. One beside `convene serve`; more do no harm."""

from __future__ import annotations

import argparse
import signal


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="convene worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    options = parser.parse_args(argv)

    from convene.cli import _site
    from convene.foundation.processes import stop_with_parent

    stop_with_parent()
    _site.set_up()
    from convene.foundation.jobs.worker import Worker

    worker = Worker()
    if options.once:
        worker.run_once()
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
    return 0
