"""What a file answers to the test examples, and what that says of it: alone, and beside another file."""
