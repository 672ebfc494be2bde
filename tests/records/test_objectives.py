"""Objectives go by the names of their papers; those of older studies and command lines are still read."""

import pytest
from pydantic import TypeAdapter

from compression.errors import UnknownName
from compression.modalities.image.sizes import STUDENTS
from compression.records.naming import id_of, id_today
from compression.records.objectives import (
    OBJECTIVE_KINDS,
    OBJECTIVE_TITLES,
    AttentionTransfer,
    Dist,
    DistillationObjective,
    Dkd,
    FitNets,
    LogitStandardization,
    Rkd,
    SoftTargets,
    known_objective,
    objective_of_kind,
)
from compression.records.recipes import Distill

LARGE = STUDENTS["large"]

OLDER: list[tuple[str, DistillationObjective]] = [
    ("standardized-targets", LogitStandardization(temperature=3.0)),
    ("decoupled-targets", Dkd(temperature=3.0)),
    ("relations", Dist(temperature=3.0)),
    ("hints", FitNets(temperature=3.0)),
    ("distances-and-angles", Rkd(temperature=3.0)),
    ("soft-targets", SoftTargets(temperature=3.0)),
    ("attention-transfer", AttentionTransfer(temperature=3.0)),
]


@pytest.mark.parametrize(("older", "objective"), OLDER)
def test_an_objective_is_read_by_the_name_that_it_had_before(older: str, objective: DistillationObjective) -> None:
    adapter: TypeAdapter[DistillationObjective] = TypeAdapter(DistillationObjective)
    assert adapter.validate_python({"kind": older, "temperature": 3.0}) == objective
    assert known_objective(older) == known_objective(objective.kind) == objective.kind
    recipe = Distill(student=LARGE, objective=objective)
    assert id_today(id_of(recipe).replace(f"-{objective.kind}", f"-{older}")) == id_of(recipe)


def test_every_kind_has_a_title_and_an_objective() -> None:
    assert tuple(OBJECTIVE_TITLES) == OBJECTIVE_KINDS
    assert [objective_of_kind(kind).kind for kind in OBJECTIVE_KINDS] == list(OBJECTIVE_KINDS)


def test_a_name_that_no_objective_has_is_refused_with_the_names_of_today() -> None:
    with pytest.raises(UnknownName) as refused:
        known_objective("magic")
    assert (
        str(refused.value)
        == f"There is no objective called 'magic'; choose one of: {', '.join(sorted(OBJECTIVE_KINDS))}."
    )
