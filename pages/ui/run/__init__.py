"""The parts of the Run page: the form, and a study under way."""
