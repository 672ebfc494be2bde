"""The parts of the page that shows two studies side by side."""
