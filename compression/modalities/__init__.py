"""What examples are, and everything that differs between kinds of them: one folder each, with the same few files."""
