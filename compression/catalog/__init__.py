"""Floor 1: what a study can be about: datasets, pretrained models, and the networks behind them.

``cards`` and ``bundled`` are plain data and import no torch, so that pages can read them.
"""
