"""A soak: the whole system, real processes over a real Postgres, while everything around it fails. `make soak`."""
