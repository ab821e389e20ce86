"""One folder a provider: the part that grows. Sources never import each other."""
