"""What a student can learn from a teacher's feature maps: pure functions from features to a loss.

- RKD: Park, Kim, Lu and Cho 2019 (CVPR), "Relational Knowledge Distillation". The examples of a batch are to lie in
  the student's embedding as they lie in the teacher's: the same distances between any two, the same angles between
  any three. The embeddings may have different widths.
- Attention transfer: Zagoruyko and Komodakis 2017 (ICLR), "Paying More Attention to Attention: Improving the
  Performance of Convolutional Neural Networks via Attention Transfer", section 3.1. The student is to have strong
  features where the teacher has them, whichever features they are: so no projection is needed.
- FitNets: Romero, Ballas, Ebrahimi Kahou, Chassang, Gatta and Bengio 2015 (ICLR), "FitNets: Hints for Thin Deep
  Nets". The student's feature maps halfway through are to become the teacher's, as far as a learned projection of
  them can: a student has fewer channels than its teacher.
"""

import torch
from torch import Tensor
from torch.nn import functional

# Squared distances of less than this share of the usual one are lost in rounding: they count as none, with no direction
# and no gradient, as that of an example to itself does.
NEGLIGIBLE = 1e-6


def distance_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-D, section 3.2.1: the Huber loss of the distances of all pairs, over their mean in each embedding.

    Embeddings are [B, any width]; mean over the pairs of different examples.
    """
    found, wanted = (_relative_distances(embedding) for embedding in (student, teacher))
    batch = len(student)
    return functional.huber_loss(found, wanted, reduction="sum") / (batch * (batch - 1))


def angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """RKD-A, section 3.2.2: the Huber loss of the cosines of the angles of all triangles, at each of their corners.

    Embeddings are [B, any width]; mean over the triples of different examples.
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


def attention_map(features: Tensor) -> Tensor:
    """Feature maps [B, C, H, W] to one map [B, H, W]: the squares, averaged over the channels.

    Their F_sum with p = 2 but for a factor, which the loss does not see.
    """
    return features.square().mean(dim=1)


def normalized_map(attention: Tensor) -> Tensor:
    """Attention maps [B, H, W] to vectors [B, H * W] of length one: Q / ||Q|| of equation 2."""
    return functional.normalize(attention.flatten(1), dim=1)


def attention_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Squared distance of two normalized maps [B, H * W], mean over the batch: that of equation 2, squared.

    Their code squares it too, and divides by the elements of a map, which makes small maps count for more:
    docs/lab-notes.md, "Attention transfer's loss".
    """
    return (student - teacher).square().sum(dim=1).mean()


def hint_loss(projected: Tensor, hint: Tensor) -> Tensor:
    """Mean squared difference of two stacks of feature maps [B, C, H, W], over all their elements.

    Equation 3 is half the sum over the elements of an example; the mean does not depend on how large the maps are.
    """
    return functional.mse_loss(projected, hint)
