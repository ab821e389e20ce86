"""Runs the rehearsal and prints its figures as JSON. Exit 1: something was wrong; 2: it cannot be run here."""

import argparse
import json
import sys
from dataclasses import fields

from tests.scaleout import machines, story


def main() -> int:
    """Leave the machine's network first: everything happens in namespaces."""
    parser = argparse.ArgumentParser(prog="python -m tests.scaleout", description=__doc__)
    for one in fields(story.Size):
        parser.add_argument(f"--{one.name}", type=type(one.default), default=one.default)
    parser.add_argument("--keep", action="store_true", help="leave the logs")
    asked = vars(parser.parse_args())
    if reason := machines.impossible():
        sys.stderr.write(f"{reason}\n")
        return 2
    machines.leave_the_network()
    keep = asked.pop("keep")
    found = story.tell(story.Size(**asked), keep=keep)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return int(bool(found["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
