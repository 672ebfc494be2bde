"""The parts of the Method page, with their words."""
