"""FitNets' hints: Romero, Ballas, Ebrahimi Kahou, Chassang, Gatta and Bengio 2015 (ICLR), "FitNets: Hints for Thin Deep
Nets".

The student's feature maps halfway through are to become the teacher's, as far as a learned projection of them can: a
student has fewer channels than its teacher.
"""

from torch import Tensor
from torch.nn import functional


def hint_loss(projected: Tensor, hint: Tensor) -> Tensor:
    """Mean squared difference of two stacks of feature maps [B, C, H, W], over all their elements.

    Equation 3 is half the sum over the elements of an image; the mean does not depend on how large the maps are.
    """
    return functional.mse_loss(projected, hint)
