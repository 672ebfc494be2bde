"""A second modality, of the tests' own: ten measured numbers, and a whole number for the kind of place they come from.

No product: it proves that nothing but a modality knows what examples are. A network takes two named inputs, of which
one is int64.
"""
