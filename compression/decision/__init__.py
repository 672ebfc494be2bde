"""Floor 4: from measurements and limits to a choice in words. Pure functions on plain tables; imports no torch."""
