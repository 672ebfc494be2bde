"""Showing a study to others: on a projector, as a story, as a replay, and by a link."""
