"""The read side: GET only."""
