"""Shared reading helpers: documents, grids, money, dates. Pure."""
