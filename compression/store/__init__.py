"""Where everything is kept: studies, their progress, their candidates, and the files. Imports no torch."""
