"""What a record refuses, the command line refuses as well, with the same bounds."""

from typing import Any

import pytest
import typer
from pydantic import ValidationError
from typer.testing import CliRunner

from compression.__main__ import app
from compression.commands.options import objective_asked_for
from compression.errors import UnknownName
from compression.records import bounds
from compression.records.bounds import Bounds
from compression.records.objectives import Dist, SoftTargets
from compression.records.study import Options, Request

COMMANDS = typer.main.get_command(app)
RUN = ["run", "--model", "resnet18", "--dataset", "fashion-mnist", "--out", "nowhere"]
BOUNDS = {
    "seed": bounds.SEED,
    "threads_per_lane": bounds.THREADS,
    "epochs": bounds.EPOCHS,
    "calibration_examples": bounds.CALIBRATION_EXAMPLES,
    "largest_drop": bounds.LARGEST_DROP,
}


def options_of(command: str) -> dict[str, Any]:
    return {str(each.name): each for each in COMMANDS.commands[command].params}


@pytest.mark.parametrize(("name", "bound"), BOUNDS.items())
def test_the_command_line_and_the_record_have_the_same_bounds(name: str, bound: Bounds[int]) -> None:
    for beyond in (bound.least - 1, bound.most + 1):
        refused = CliRunner().invoke(app, [*RUN, f"--{name.replace('_', '-')}", str(beyond)])
        assert refused.exit_code == 2
        assert f"range {bound.least}<=x<={bound.most}" in " ".join(refused.output.replace("│", " ").split())
    question = {"model": "m", "dataset": "d", "preset": "quick"}

    def asked(value: float) -> Request:
        return Request(**question, **({"seed": value} if name == "seed" else {"options": Options(**{name: value})}))

    asked(bound.least)
    asked(bound.most)
    for beyond in (bound.least - 1, bound.most + 1):
        with pytest.raises(ValidationError, match=name):
            asked(beyond)


def test_commands_that_share_an_option_say_the_same_of_it() -> None:
    for name in ("seed", "objective", "temperature", "labels_share", "epochs"):
        first, second = options_of("run")[name], options_of("distil")[name]
        assert (first.help, first.metavar) == (second.help, second.metavar)


def test_an_objective_is_asked_for_by_its_name_of_today_or_of_before() -> None:
    assert (
        objective_asked_for("relations", None, 0.5) == objective_asked_for("dist", None, 0.5) == Dist(labels_share=0.5)
    )
    assert objective_asked_for(None, 3.0, None) == SoftTargets(temperature=3.0)
    assert objective_asked_for(None, None, None) is None


def test_an_unknown_objective_is_refused_with_the_names_that_there_are() -> None:
    refused = CliRunner().invoke(app, [*RUN, "--objective", "magic"]).exception
    assert isinstance(refused, UnknownName)
    assert "logit-standardization" in str(refused)
    assert "relations" not in str(refused)
