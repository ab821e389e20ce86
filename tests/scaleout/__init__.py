"""Many machines on one database, rehearsed on one: `python -m tests.scaleout --help`, or `make scaleout`."""
