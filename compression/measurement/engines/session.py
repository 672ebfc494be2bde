"""What every engine looks like to the rest of the house: a loaded file that turns images into logits.

Knows no engine.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from compression.errors import UsageError
from compression.records.measurements import EngineName

# What a session may be asked for; not every engine has each on every processor.
PRECISIONS = ("fp32", "bf16", "fp16")
TITLES: dict[EngineName, str] = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}


class Session(Protocol):
    """An ``.onnx`` file loaded in an engine, ready to run.

    ``precision`` is the one the engine really computes the floating-point part of the file in, one of PRECISIONS. What
    the file itself stores as int8 (QuantizeLinear / DequantizeLinear) is computed in int8 where the engine can,
    whatever the precision says; weights that are only stored in 16 bits are widened to it.
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

    @property
    def options(self) -> Mapping[str, str]:
        """Every option that decides speed or result, in the engine's own words, read back from the loaded file.

        ``batch`` is the one it was fixed to, "free" where the first axis stayed free.
        """
        ...

    def run(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits [B, K] of normalized images [B, C, H, W], both float32.

        The images are not changed; they should be contiguous and writable, or an engine has to copy them first. Raises
        ModelNotUsable when the engine cannot run the file on them.
        """
        ...


class ModelNotUsable(UsageError):
    """A file that the engines cannot be used on as an image classifier. ``because``: why, and what to do about it."""

    purpose = "measured"

    def __init__(self, path: Path, because: str) -> None:
        self.because = because
        super().__init__(f"The model {path.name} cannot be {self.purpose}: {because}.")


class PrecisionNotThere(UsageError):
    """A precision that an engine does not have on this processor; ``instead`` is the one it would compute in."""

    def __init__(self, engine: EngineName, asked: str, instead: str) -> None:
        super().__init__(
            f"{TITLES[engine]} does not compute in {asked} on this processor but in {instead}; choose that precision, "
            "or another engine."
        )


def require_one_input_and_output(path: Path, inputs: int, outputs: int) -> None:
    """Raise ModelNotUsable unless the file takes one tensor in and gives one out."""
    if inputs != 1 or outputs != 1:
        raise ModelNotUsable(
            path,
            f"it has {inputs} inputs and {outputs} outputs, and a classifier needs one of each, images in and class "
            "scores out; export it again with only these",
        )


def require_batch(path: Path, fixed: int, asked: int) -> None:
    """Raise ModelNotUsable when a file with a fixed batch axis is asked for another batch."""
    if fixed != asked:
        raise ModelNotUsable(path, f"it takes batches of {fixed} only; export it with a free batch axis")
