"""Relational knowledge distillation: Park, Kim, Lu and Cho 2019 (CVPR), "Relational Knowledge Distillation" (RKD).

The images of a batch are to lie in the student's embedding as they lie in the teacher's: the same distances between any
two, the same angles between any three. The embeddings may have different widths.
"""

import torch
from torch import Tensor
from torch.nn import functional

# Squared distances of less than this share of the usual one are lost in rounding: they count as none, with no direction
# and no gradient, as that of an image to itself does.
NEGLIGIBLE = 1e-6


def distance_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-D, section 3.2.1: the Huber loss of the distances of all pairs, over their mean in each embedding.

    Embeddings are [B, any width]; mean over the pairs of different images.
    """
    found, wanted = (_relative_distances(embedding) for embedding in (student, teacher))
    batch = len(student)
    return functional.huber_loss(found, wanted, reduction="sum") / (batch * (batch - 1))


def angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-A, section 3.2.2: the Huber loss of the cosines of the angles of all triangles, at each of their corners.

    Embeddings are [B, any width]; mean over the triples of different images.
    """
    found, wanted = (_cosines(embedding) for embedding in (student, teacher))
    batch = len(student)
    return functional.huber_loss(found, wanted, reduction="sum") / (batch * (batch - 1) * (batch - 2))


def _relative_distances(embedding: Tensor) -> Tensor:
    """Distances over their mean: [B, B], zeros on the diagonal."""
    squares, counts = _squared_distances(_products(embedding))
    distances = torch.where(counts, squares, 1.0).sqrt() * counts
    batch = len(embedding)
    return distances / (distances.sum() / (batch * (batch - 1)))


def _cosines(embedding: Tensor) -> Tensor:
    """At corner i, the cosine of the angle between j and k: [B, B, B], zeros where j or k is i, ones where j is k.

    From the products of all pairs, since differences of all pairs would be as many times larger as the embedding is
    wide: ``(e_j - e_i)(e_k - e_i) = e_j e_k - e_i e_j - e_i e_k + e_i e_i``.
    """
    products = _products(embedding)
    squares, counts = _squared_distances(products)
    reciprocals = torch.where(counts, squares, 1.0).rsqrt() * counts
    own = products.diagonal()[:, None]
    sides = products[None] + (own - products)[:, :, None] - products[:, None, :]
    return sides * reciprocals[:, :, None] * reciprocals[:, None, :]


def _products(embedding: Tensor) -> Tensor:
    """All scalar products [B, B], around the middle of the batch: differences of large numbers would lose digits."""
    centred = embedding - embedding.mean(dim=0)
    return centred @ centred.T


def _squared_distances(products: Tensor) -> tuple[Tensor, Tensor]:
    """From scalar products: squared Euclidean distances [B, B], and which of them count (bool)."""
    own = products.diagonal()
    squares = own[:, None] + own[None] - 2.0 * products
    return squares, squares > NEGLIGIBLE * squares.detach().mean()
