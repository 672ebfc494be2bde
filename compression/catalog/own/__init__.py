"""Datasets that people bring: found in their files, split, and kept in the home folder under a name."""
