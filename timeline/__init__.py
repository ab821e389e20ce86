"""The domain: facts, how they change, and what is told. Pure: no input or output, no clock, no globals."""
