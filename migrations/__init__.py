"""The history of the tables. `aiwire migrate` runs it; nothing imports it."""
