"""What the scores of a classifier mean: told by the operator that gives them, and by what many of them are like.

Logits have to be told from what was made of them already: a softmax of a softmax is less sure than the network is, and
ten independent probabilities are no distribution.
"""

from typing import assert_never

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.measurement.scores.probabilities import ROUNDING, are_probabilities, least_probability
from compression.records.measurements import ScoreKind

# They change the form of scores, or how they are written, and not what they say.
CARRY = {
    "Cast",
    "DequantizeLinear",
    "Flatten",
    "Identity",
    "QuantizeLinear",
    "Reshape",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
}
GIVEN_BY: dict[str, ScoreKind] = {
    "Softmax": "softmax",
    "QLinearSoftmax": "softmax",
    "LogSoftmax": "log-softmax",
    "Sigmoid": "sigmoids",
    "HardSigmoid": "sigmoids",
    "QLinearSigmoid": "sigmoids",
}
# Behind these, nothing was made of the scores.
PRODUCTS = {"Add", "Conv", "Einsum", "Gemm", "GlobalAveragePool", "MatMul", "QGemm", "QLinearMatMul"}
# An independent probability that is nearer to 0 or 1 in 32 bits has no logit any more.
NEAREST = 2.0**-24


def kind_in_graph(model: onnx.ModelProto) -> ScoreKind | None:
    """What the last operator that computes says of the scores; None where it says nothing."""
    makers = {name: node for node in model.graph.node for name in node.output}
    node = makers.get(model.graph.output[0].name)
    while node is not None and node.op_type in CARRY:
        node = makers.get(node.input[0])
    if node is None:
        return None
    if node.op_type == "Log":
        before = makers.get(node.input[0])
        return "log-softmax" if before is not None and before.op_type == "Softmax" else None
    return "logits" if node.op_type in PRODUCTS else GIVEN_BY.get(node.op_type)


def kind_of(scores: NDArray[np.float32], in_graph: ScoreKind | None) -> ScoreKind:
    """What ``scores`` [B, K] of many examples are, given what their graph says.

    Values overrule it where they are no such scores: a Softmax over another axis, say, gives no distribution. Where the
    graph says nothing they decide alone. Between 0 and 1 throughout are probabilities only: of logits of many examples,
    some are below.
    """
    if in_graph == "logits":
        return "logits"
    if are_probabilities(scores):
        return "softmax"
    if bool((scores <= ROUNDING).all()) and (in_graph == "log-softmax" or _logarithms_of_probabilities(scores)):
        return "log-softmax"
    return "sigmoids" if bool(((scores >= 0.0) & (scores <= 1.0 + ROUNDING)).all()) else "logits"


def top_probability(scores: NDArray[np.float32], kind: ScoreKind) -> NDArray[np.float32]:
    """The probability of the most likely class of each row of ``scores`` [B, K]; [B].

    Of logits and of logarithms it is the softmax: 1 / sum(exp(score - largest)). Of independent probabilities it is the
    largest of them.
    """
    match kind:
        case "logits" | "log-softmax":
            shifted = scores - scores.max(axis=1, keepdims=True)
            probability: NDArray[np.float32] = (1.0 / np.exp(shifted).sum(axis=1)).astype(np.float32)
            return probability
        case "softmax" | "sigmoids":
            highest: NDArray[np.float32] = scores.max(axis=1).clip(0.0, 1.0)
            return highest
        case _:
            assert_never(kind)


def least_of(scores: NDArray[np.float32], kind: ScoreKind) -> float:
    """What a probability of 0 is taken for, judged by some ``scores`` [B, K] of the file."""
    least = least_probability(scores)
    return max(NEAREST, least) if kind == "sigmoids" else least


def as_logits(scores: NDArray[np.float32], kind: ScoreKind, least: float) -> NDArray[np.float32]:
    """The logits behind ``scores`` [B, K], but for a number that is the same for all classes of an example.

    Of probabilities they are the logarithms, of independent ones log(p / (1 - p)). ``least``: see ``least_of``.
    """
    match kind:
        case "logits" | "log-softmax":
            return scores
        case "softmax":
            logarithms: NDArray[np.float32] = np.log(np.where(scores <= 0.0, least, scores)).astype(np.float32)
            return logarithms
        case "sigmoids":
            inside = scores.astype(np.float64).clip(least, 1.0 - least)
            logits: NDArray[np.float32] = (np.log(inside) - np.log1p(-inside)).astype(np.float32)
            return logits
        case _:
            assert_never(kind)


def _logarithms_of_probabilities(scores: NDArray[np.float32]) -> bool:
    """Whether the powers of e of every row are a distribution over the classes."""
    return bool((np.abs(np.exp(scores.astype(np.float64)).sum(axis=1) - 1.0) < ROUNDING).all())
