"""What a file answers to the test images, and what that says of it: alone, and beside another file."""
