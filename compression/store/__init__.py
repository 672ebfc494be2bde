"""Floor 0: where everything is kept: studies, their news, their candidates, and the files. Imports no torch."""
