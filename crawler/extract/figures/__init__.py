"""Figures out of tables: which table, which columns, and what the cells say."""
