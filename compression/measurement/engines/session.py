"""What every engine looks like to the rest of the house: a loaded file that turns inputs into class scores."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from compression.catalog.examples import Inputs
from compression.errors import ModelNotUsable, UsageError
from compression.records.measurements import ENGINE_TITLES, EngineName

Value = TypeVar("Value")
# What a session may be asked for; not every engine has each on every processor.
PRECISIONS = ("fp32", "bf16", "fp16")


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
    def input_names(self) -> frozenset[str]:
        """What the file calls its inputs."""
        ...

    @property
    def options(self) -> Mapping[str, str]:
        """Every option that decides speed or result, in the engine's own words, read back from the loaded file.

        ``batch`` is the one it was fixed to, "free" where the first axis stayed free.
        """
        ...

    def run(self, inputs: Inputs) -> NDArray[np.float32]:
        """Logits [B, K], float32, of inputs whose first axis is B.

        The arrays are not changed; they should be contiguous and writable, or an engine has to copy them first. Raises
        ModelNotUsable when the engine cannot run the file on them.
        """
        ...


class PrecisionNotThere(UsageError):
    """A precision that an engine does not have on this processor; ``instead`` is the one it would compute in."""

    def __init__(self, engine: EngineName, asked: str, instead: str) -> None:
        super().__init__(
            f"{ENGINE_TITLES[engine]} does not compute in {asked} on this processor but in {instead}; choose that "
            "precision, or another engine."
        )


def require_one_output(path: Path, inputs: int, outputs: int) -> None:
    """Raise ModelNotUsable unless the file takes something in and gives one tensor out."""
    if inputs == 0 or outputs != 1:
        raise ModelNotUsable(
            path,
            f"it has {inputs} inputs and {outputs} outputs, and a classifier takes examples in and gives class scores "
            "out, as its only output; export it again so",
        )


def under_file_names(inputs: Mapping[str, Value], names: Iterable[str], path: Path) -> dict[str, Value]:
    """What there is for inputs, such as arrays, by the ``names`` of a file's inputs.

    Those of these names or, where there is one for one, the only one. Raises ModelNotUsable when that leaves open which
    is which.
    """
    wanted = sorted(names) if isinstance(names, frozenset) else tuple(names)
    if all(name in inputs for name in wanted):
        return {name: inputs[name] for name in wanted}
    if len(wanted) == len(inputs) == 1:
        return dict(zip(wanted, inputs.values(), strict=True))
    raise ModelNotUsable(
        path,
        f"its inputs are called {', '.join(wanted)}, and what there is to put in {', '.join(inputs)}; export it with "
        "these names",
    )


def require_batch(path: Path, fixed: int, asked: int) -> None:
    """Raise ModelNotUsable when a file with a fixed batch axis is asked for another batch."""
    if fixed != asked:
        raise ModelNotUsable(path, f"it takes batches of {fixed} only; export it with a free batch axis")
