"""Rule dates out of sentences of regulators: which law, what of it, from when."""
