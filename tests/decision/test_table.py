import pytest

from compression.decision.table import conditions_of, table_of
from compression.errors import UsageError
from compression.records.measurements import Condition
from tests.constructed import INT8, ORIGINAL, candidate, document

ONE = Condition(engine="onnxruntime", batch=1, threads=1)


def test_candidates_that_are_not_measured_are_left_out_of_the_rows_but_not_forgotten() -> None:
    table = table_of(document(candidate(ORIGINAL), candidate(INT8, accuracy=None)), ONE)

    assert [row.id for row in table.rows] == ["original"]
    assert [left_out.id for left_out in table.unmeasured] == ["int8-ptq"]


def test_a_study_whose_original_is_not_measured_has_no_conditions_to_compare_under() -> None:
    assert conditions_of(document(candidate(ORIGINAL, accuracy=None), candidate(INT8))) == ()


def test_each_engine_and_batch_is_a_condition_of_its_own() -> None:
    measured = candidate(ORIGINAL, conditions=(("onnxruntime", 1), ("onnxruntime", 32), ("openvino", 1)))

    assert [(one.engine, one.batch) for one in conditions_of(document(measured))] == [
        ("onnxruntime", 1),
        ("onnxruntime", 32),
        ("openvino", 1),
    ]


def test_another_precision_is_another_condition() -> None:
    exact, rounded = candidate(ORIGINAL, ms=2.0), candidate(ORIGINAL, ms=1.0, precision="bf16")
    study = document(exact.model_copy(update={"latency": (*exact.latency, *rounded.latency)}))

    assert [one.precision for one in conditions_of(study)] == ["fp32", "bf16"]
    assert [table_of(study, one).original.latency_ms.value for one in conditions_of(study)] == [2.0, 1.0]


def test_a_row_takes_its_latency_from_the_condition_that_was_asked_for() -> None:
    measured = candidate(ORIGINAL, ms=2.0, conditions=(("onnxruntime", 1), ("onnxruntime", 32)))
    table = table_of(document(measured), Condition(engine="onnxruntime", batch=32, threads=1))

    assert table.original.latency_ms.value == 64.0
    throughput = table.original.examples_per_second
    assert throughput.value == pytest.approx(500.0)
    assert throughput.low < throughput.value < throughput.high


def test_a_condition_that_was_not_measured_is_refused_in_one_sentence() -> None:
    with pytest.raises(UsageError, match="no measurement of the original in openvino at batch 8"):
        table_of(document(candidate(ORIGINAL)), Condition(engine="openvino", batch=8, threads=1))
