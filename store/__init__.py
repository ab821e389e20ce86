"""Postgres: tables, views and the statements that read and write them."""
