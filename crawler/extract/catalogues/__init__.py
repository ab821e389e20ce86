"""Price catalogues other people keep: JSON of a few known shapes, each with its own units and traps."""
