"""What is known of the layers inside the original, one by one: how much accuracy few bits in it cost, and how its
numbers are spread before and after a file was quantized.

Records only; knows nothing of how any of it was found out.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from compression.records.base import EXAMPLES_NAMES, Count, Record

LayerOperator = Literal["Conv", "Gemm", "MatMul"]
FewBits = Literal[4, 2]


class Sensitivity(Record):
    """What it costs to store the weights of one layer in ``bits``, with all others left as they are, on so many
    ``examples`` of the validation split.

    ``divergence`` is how far the network's probabilities move away from its own, the mean Kullback-Leibler divergence
    in nats. ``drop`` is the accuracy that is lost (0.01 is one point; negative for a gain), ``low`` to ``high`` its
    95 % interval from the paired comparison.
    """

    bits: FewBits
    examples: Annotated[int, Field(gt=0, validation_alias=EXAMPLES_NAMES)]
    divergence: Annotated[float, Field(ge=0.0)]
    drop: float
    low: float
    high: float


class Histogram(Record):
    """How numbers are spread, in equally wide bins from ``low`` to ``high``: those of the original ``before``, and
    those of a quantized file ``after``. ``values_before`` and ``values_after`` are how many different ones there are.
    """

    low: float
    high: float
    before: Annotated[tuple[Count, ...], Field(min_length=1)]
    after: Annotated[tuple[Count, ...], Field(min_length=1)]
    values_before: Count
    values_after: Count

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.before) != len(self.after):
            raise ValueError("both sides of a histogram have the same bins")
        if not self.low < self.high:
            raise ValueError("a histogram reaches from a smaller to a larger number")
        return self


class Rounding(Record):
    """One layer in one quantized file, named by its ``candidate``: its weights, and what it takes in (its input
    activations, on examples of the validation split)."""

    candidate: str
    weights: Histogram
    inputs: Histogram


class LayerFindings(Record):
    """A convolution or linear layer of the original, named as its array of ``weights`` in the file, of that ``shape``.

    ``sensitivities`` are there where the study looked for them, one for each number of bits; ``roundings`` one for each
    file made from the original that has fewer bits in this layer.
    """

    weights: str
    operator: LayerOperator
    shape: Annotated[tuple[Annotated[int, Field(gt=0)], ...], Field(min_length=2)]
    sensitivities: tuple[Sensitivity, ...] = ()
    roundings: tuple[Rounding, ...] = ()
