"""What is inside a network, layer by layer: the weights that each multiplies with, and what it takes in; in one file,
and in another of the same network that has fewer bits for them.

Knows files; not how any of them was made.
"""
