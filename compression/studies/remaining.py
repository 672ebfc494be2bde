"""How long a lane still needs: from the pace it has shown so far, and the proportions of an earlier study.

Pure: works on what was told and made. Torch-free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from compression.store.naming import id_of
from compression.store.recipes import QuantizedStudent
from compression.store.records import Candidate

# Below this share of the work, the pace says more about starting up than about what is to come.
ENOUGH_TO_GO_BY = 0.02


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """A candidate in the making: ``done`` (0..1) of it was over at ``told``."""

    since: datetime
    told: datetime
    done: float


def remaining_seconds(
    candidates: Sequence[str],
    *,
    reference: Mapping[str, float],
    made: Mapping[str, float],
    at_work: Mapping[str, AtWork],
    now: datetime,
) -> float | None:
    """Seconds until all ``candidates`` of a lane are made; None while it is too early to tell.

    ``reference`` holds the seconds that each took in an earlier study (those that it lacks count as typical), ``made``
    what they took in this one. Whatever waits is shared among as many processes as are at work now.
    """
    typical = sum(reference.values()) / len(reference) if reference else 1.0
    weights = {name: reference.get(name, typical) for name in candidates}
    behind = sum(weights[name] for name in made) + sum(work.done * weights[name] for name, work in at_work.items())
    if behind < ENOUGH_TO_GO_BY * sum(weights.values()):
        return None
    spent = sum(made.values()) + sum((work.told - work.since).total_seconds() for work in at_work.values())
    pace = spent / behind
    in_hand = [
        max(0.0, (1.0 - work.done) * weights[name] * pace - (now - work.told).total_seconds())
        for name, work in at_work.items()
    ]
    waiting = sum(weights[name] * pace for name in candidates if name not in made and name not in at_work)
    return max((sum(in_hand) + waiting) / max(1, len(at_work)), *in_hand, 0.0)


def own_seconds(candidates: Sequence[Candidate]) -> dict[str, float]:
    """What each candidate itself took to make: without the student that a quantized one was made from."""
    built = {candidate.id: candidate.build_seconds for candidate in candidates}

    def own(candidate: Candidate) -> float:
        recipe = candidate.recipe
        student = built.get(id_of(recipe.distill), 0.0) if isinstance(recipe, QuantizedStudent) else 0.0
        return candidate.build_seconds - student

    return {candidate.id: own(candidate) for candidate in candidates}
