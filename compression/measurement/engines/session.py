"""What every engine looks like to the rest of the house: a loaded file that turns images into logits.

Knows no engine.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from compression.errors import UsageError
from compression.store.records import EngineName

FLOAT32 = np.dtype(np.float32)


class Session(Protocol):
    """An ``.onnx`` file loaded in an engine, ready to run.

    ``precision`` is the one the engine really computes the floating-point part of the file in: "fp32", "bf16" or
    "fp16". What the file itself stores as int8 (QuantizeLinear / DequantizeLinear) is computed in int8 where the engine
    can, whatever the precision says; weights that are only stored in 16 bits are widened to it.
    """

    @property
    def engine(self) -> EngineName:
        """Which engine runs the file."""
        ...

    @property
    def precision(self) -> str:
        """What the floating-point part of the file is computed in."""
        ...

    @property
    def threads(self) -> int:
        """How many threads one run uses."""
        ...

    def run(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits [B, K] of normalized images [B, C, H, W], both float32.

        The images are not changed; they should be contiguous and writable, or an engine has to copy them first.
        """
        ...


class ModelNotUsable(UsageError):
    """A file that the engines cannot be used on as an image classifier."""

    def __init__(self, path: Path, because: str) -> None:
        super().__init__(f"The model {path.name} cannot be measured: {because}.")


def require_one_input_and_output(path: Path, inputs: int, outputs: int) -> None:
    """Raise ModelNotUsable unless the file takes one tensor in and gives one out."""
    if inputs != 1 or outputs != 1:
        raise ModelNotUsable(
            path,
            f"it has {inputs} inputs and {outputs} outputs, and a classifier needs one of each, images in and class "
            "scores out; export it again with only these",
        )
