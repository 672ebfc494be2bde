"""Relational knowledge distillation: Park, Kim, Lu and Cho 2019 (CVPR), "Relational Knowledge Distillation" (RKD).

The images of a batch are to lie in the student's embedding as they lie in the teacher's: the same distances between any
two, the same angles between any three. The embeddings may have different widths.
"""

import torch
from torch import Tensor
from torch.nn import functional

# So that the distance of two equal embeddings, which is no corner of anything, has a gradient.
EPSILON = 1e-12


def distance_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-D, equations 3 to 6: the Huber loss of the distances of all pairs, over their mean in each embedding.

    Embeddings are [B, any width]; mean over the pairs of different images.
    """
    found, wanted = (_relative_distances(embedding) for embedding in (student, teacher))
    batch = len(student)
    return functional.huber_loss(found, wanted, reduction="sum") / (batch * (batch - 1))


def angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-A, equations 7 and 8: the Huber loss of the cosines of the angles of all triangles, one at each corner.

    Embeddings are [B, any width]; mean over the triples of different images.
    """
    found, wanted = (_cosines(embedding) for embedding in (student, teacher))
    batch = len(student)
    return functional.huber_loss(found, wanted, reduction="sum") / (batch * (batch - 1) * (batch - 2))


def _relative_distances(embedding: Tensor) -> Tensor:
    """Distances over their mean: [B, B], zeros on the diagonal."""
    batch = len(embedding)
    distances = _distances(_products(embedding)).masked_fill(_same(embedding), 0.0)
    return distances / (distances.sum() / (batch * (batch - 1)))


def _cosines(embedding: Tensor) -> Tensor:
    """At corner i, the cosine of the angle to j and k: [B, B, B], zeros where two of the three are the same.

    From the products of all pairs, since differences of all pairs would be as many times larger as the embedding is
    wide: ``(e_j - e_i)(e_k - e_i) = e_j e_k - e_i e_j - e_i e_k + e_i e_i``.
    """
    products = _products(embedding)
    lengths = _distances(products)
    squares = products.diagonal()
    numerators = products[None] - products[:, :, None] - products[:, None, :] + squares[:, None, None]
    same = _same(embedding)
    degenerate = same[None] | same[:, :, None] | same[:, None, :]
    return (numerators / (lengths[:, :, None] * lengths[:, None, :])).masked_fill(degenerate, 0.0)


def _products(embedding: Tensor) -> Tensor:
    """All scalar products [B, B], around the middle of the batch: differences of large numbers would lose digits."""
    centred = embedding - embedding.mean(dim=0)
    return centred @ centred.T


def _distances(products: Tensor) -> Tensor:
    """Euclidean distances [B, B] from scalar products."""
    squares = products.diagonal()
    return (squares[:, None] + squares[None] - 2.0 * products).clamp(min=EPSILON).sqrt()


def _same(embedding: Tensor) -> Tensor:
    """Bool [B, B]: the diagonal."""
    return torch.eye(len(embedding), dtype=torch.bool, device=embedding.device)
