"""Model ids in code and configuration: how they are written, where they are in use, and what is known of them."""
