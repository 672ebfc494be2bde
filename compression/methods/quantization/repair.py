"""No file leaves a quantizer unchecked: what is found wrong is repaired by another setting, or said, or refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from compression.errors import CandidateFailed
from compression.methods.quantization.check import Checked, Checker
from compression.methods.quantization.findings import Falls, NotFinite, Refused
from compression.store.files import write_atomically

Way = TypeVar("Way")


def repaired(
    ways: Sequence[Way], make: Callable[[Way, Path], None], target: Path, checker: Checker, *, explained: float
) -> Checked:
    """Write to ``target`` the file of the first of ``ways`` with which nothing is wrong, or else of the best one.

    ``explained``: the loss of accuracy (a share) that the scheme explains. Raises CandidateFailed, and leaves no file,
    when every way fails, or an engine refuses the best file or gets scores from it that are no numbers.
    """
    first: Checked | None = None
    best: Checked | None = None
    failure: CandidateFailed | None = None
    with TemporaryDirectory() as folder:
        attempt = Path(folder) / target.name
        for way in ways:
            try:
                make(way, attempt)
            except CandidateFailed as error:
                failure = failure or error
                continue
            checked = checker.check(attempt, explained=explained)
            first = first or checked
            if best is None or _rank(checked) < _rank(best):
                best = checked
                write_atomically(target, attempt.read_bytes())
            if not checked.findings:
                break
    if best is None or first is None:
        raise failure or ValueError("there is no way to try")
    useless = next((each for each in best.findings if isinstance(each, NotFinite | Refused)), None)
    if useless is not None:
        target.unlink()
        raise CandidateFailed(f"Quantized so, it is of no use: {useless.in_words('examples')}; choose another scheme.")
    left = {(each.engine, type(each)) for each in best.findings}
    return replace(best, repaired=tuple(each for each in first.findings if (each.engine, type(each)) not in left))


def _rank(checked: Checked) -> tuple[int, int, float]:
    """Least is best: useless files last, then those that an engine computes wrongly, then by accuracy."""
    useless = sum(isinstance(each, NotFinite | Refused) for each in checked.findings)
    wrong = sum(not isinstance(each, Falls) for each in checked.findings)
    return useless, wrong, -checked.worst
