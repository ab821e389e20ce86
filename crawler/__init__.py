"""From a URL to facts: what to watch, how to fetch it politely, how to read it."""
