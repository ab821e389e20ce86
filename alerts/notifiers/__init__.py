"""One module a way of delivering a message."""
