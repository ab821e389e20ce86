"""Years of history at once: dated copies of a catalogue, its git history, its packages, the web's archive."""
