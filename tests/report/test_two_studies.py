"""Two studies side by side: what differs is told, and their curves share a chart without sharing marks."""

import pytest

from compression.decision.table import Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET
from compression.decision.verdict import Decision, decide
from compression.records.study import Document, Options
from compression.report.axes import CostName
from compression.report.beside_chart import beside_alt, beside_figure
from compression.report.colours import LIGHT
from compression.report.differences import differences, what_not_to_compare
from tests.constructed import MACHINE, document, usual_candidates

ONE = document(*usual_candidates())


def changed(**study: object) -> Document:
    return ONE.model_copy(update={"study": ONE.study.model_copy(update=study)})


def judged(study: Document) -> tuple[Table, Decision]:
    table = table_of(study, conditions_of(study)[0])
    return table, decide(table, DEFAULT_TARGET)


def test_a_study_differs_from_itself_in_nothing() -> None:
    assert differences(ONE, ONE) == ()
    assert what_not_to_compare(ONE, ONE) == ()


def test_only_what_differs_is_told_the_weightiest_first() -> None:
    other = changed(seed=7, preset="standard", options=Options(threads_per_lane=1, epochs=3))
    found = {each.what: (each.first, each.second) for each in differences(ONE, other)}

    assert list(found) == ["preset", "seed", "options"]
    assert found["preset"][1] == "Standard"
    assert found["seed"] == ("0", "7")
    assert found["options"] == ("the preset's own", "each image 3 times, 1 thread for each lane")


def test_times_of_two_computers_and_accuracies_of_two_datasets_do_not_stand_beside_each_other() -> None:
    elsewhere = ONE.model_copy(
        update={
            "machine": MACHINE.model_copy(update={"cpu": "Another processor"}),
            "subject": ONE.subject.model_copy(update={"dataset_title": "MNIST"}),
        }
    )

    assert [each.what for each in differences(ONE, elsewhere)] == ["dataset", "machine"]
    assert [sentence.split()[1] for sentence in what_not_to_compare(ONE, elsewhere)] == ["test", "times"]


@pytest.mark.parametrize("cost", ["size", "latency"])
def test_both_studies_are_drawn_the_second_one_hollow_and_both_choices_named(cost: CostName) -> None:
    figure = beside_figure(judged(ONE), judged(changed(preset="standard")), cost, LIGHT)
    marks = [trace for trace in figure.data if trace.customdata is not None]
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    half = len(marks) // 2

    assert sum(len(trace.x) for trace in marks) == 2 * len(judged(ONE)[0].rows)
    assert [trace.marker.symbol for trace in marks[half:]] == [f"{trace.marker.symbol}-open" for trace in marks[:half]]
    assert [line.line.dash for line in lines] == [None] * (len(lines) // 2) + ["dash"] * (len(lines) // 2)
    assert sorted(note.text for note in figure.layout.annotations) == ["<b>A: int8</b>", "<b>B: int8</b>"]
    assert {row[0] for trace in marks for _, row in trace.customdata} == {"A", "B"}


def test_the_chart_is_told_in_words() -> None:
    decision = judged(ONE)[1]

    assert beside_alt(decision, decision, "size").startswith("A: int8 at 94.9% and 10\N{NO-BREAK SPACE}MB. B: int8")
