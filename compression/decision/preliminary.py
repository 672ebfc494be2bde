"""A first comparison while a study is under way, of sizes and accuracies by now: no verdict, since no time is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from compression.decision.numbers import in_points, points_between, size_against
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.wording import ADVICE
from compression.records.recipes import Family

# By how many points a file may be less accurate to be ahead: as the default target has it.
ALLOWED = DEFAULT_TARGET.accuracy_drop or 0.0


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """A finished file by now. ``lost`` is by how much (a share, 0.02 is two points) it is less accurate than the
    original on the same examples: those of the test if it is ``tested``, else validation examples."""

    family: Family
    size_bytes: int
    lost: float
    tested: bool


def preliminary(original_bytes: int, files: Sequence[SoFar]) -> str | None:
    """What is ahead, in one sentence: the smallest that loses little; None with nothing to compare. Controls are not up
    for choice."""
    files = [file for file in files if file.family not in {"original", "control"}]
    if not files:
        return None
    keeping = [file for file in files if file.lost <= ALLOWED]
    ahead = min(keeping, key=lambda file: file.size_bytes) if keeping else min(files, key=lambda file: file.lost)
    start = ADVICE[ahead.family] if keeping else f"Nothing yet loses less than {points_between(ALLOWED)}"
    return f"{start}: {size_against(ahead.size_bytes, original_bytes)}, {_lost(ahead)}."


def _lost(file: SoFar) -> str:
    than = "less" if file.lost > 0 else "more"
    if file.tested:
        return (
            "as accurate" if in_points(file.lost) == in_points(0.0) else f"{points_between(file.lost)} {than} accurate"
        )
    # As much as the validation examples of a first look can tell.
    points = round(100 * abs(file.lost))
    return f"about {f'{points} points {than}' if points > 1 else 'as'} accurate on validation examples"
