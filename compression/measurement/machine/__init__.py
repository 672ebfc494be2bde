"""What the measurements run on."""
