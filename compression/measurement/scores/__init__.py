"""What the scores of a classifier are, and what can be had from them. Knows no engine and no label."""
