"""How long files take, measured so that they can be compared, and how far such times can be trusted."""
