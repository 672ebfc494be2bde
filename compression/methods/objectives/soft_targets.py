"""Soft targets: Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural Network"."""

from torch import Tensor
from torch.nn import functional


def soft_target_divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """``T^2 * KL(softmax(z_t / T) || softmax(z_s / T))``, mean over the batch; logits are [B, K].

    T^2 keeps the size of the gradients independent of T (the end of section 2).
    """
    student_log = functional.log_softmax(student / temperature, dim=1)
    teacher_log = functional.log_softmax(teacher / temperature, dim=1)
    divergence = functional.kl_div(student_log, teacher_log, reduction="batchmean", log_target=True)
    return divergence * temperature**2
