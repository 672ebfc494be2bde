"""Floor 5: drawing what was measured and decided: figures and the HTML report, from plain tables. Imports no torch."""
