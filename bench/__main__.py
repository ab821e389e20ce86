"""Runs the benchmarks: one JSON object a budget on stdout. Exit 1: a budget is missed; 2: a wrong command line."""

import argparse
import contextlib
import importlib
import json
import sys
import time

from bench import table
from bench.session import Session

BENCHMARKS = (
    *("check_unchanged", "changed_page", "event_to_wire", "publication_to_alert", "diff", "backfill", "as_of", "api"),
    "streams",
    "ready",
)


def main() -> int:
    """Run those that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Figures beside floors measured in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast it is")
    parser.add_argument("--write", action="store_true", help=f"put the figures into the table in {table.FILE.name}")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {unknown[0]}: there are {', '.join(BENCHMARKS)}")
    if asked.write and asked.quick:
        parser.error("quick figures are not worth writing down: leave out --quick or --write")
    results = []
    with contextlib.ExitStack() as stack:
        session = Session(quick=asked.quick, stack=stack)
        for name in BENCHMARKS:
            if asked.names and name not in asked.names:
                continue
            begun = time.monotonic()
            print(f"bench: {name} ...", file=sys.stderr, flush=True)
            for result in importlib.import_module(f"bench.{name}").run(session):
                print(json.dumps(result.to_json()), flush=True)
                results.append(result)
            print(f"bench: {name} took {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    if asked.write:
        table.write(results)
    return int(not all(result.met for result in results))


if __name__ == "__main__":
    sys.exit(main())
