"""Where a study's processes run."""
