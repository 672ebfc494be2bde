"""The language of ``study.json``: what is asked for, how candidates are made, and what was measured."""
