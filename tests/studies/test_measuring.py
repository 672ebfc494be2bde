"""What a study measures beyond what its files are: the preset decides under which conditions."""

from compression.studies.measuring import conditions
from compression.studies.presets import preset_named


def told(preset: str, threads: int) -> list[tuple[str, int, int]]:
    found = conditions(preset_named(preset), threads)
    assert {condition.precision for condition in found} == {"fp32"}
    return [(condition.engine, condition.batch, condition.threads) for condition in found]


def test_quick_times_one_image_and_a_batch_in_each_engine_on_all_cores() -> None:
    assert told("quick", 2) == [
        ("onnxruntime", 1, 2),
        ("onnxruntime", 32, 2),
        ("openvino", 1, 2),
        ("openvino", 32, 2),
    ]


def test_standard_adds_a_middle_batch_and_a_single_thread() -> None:
    found = told("standard", 4)
    assert len(found) == len(set(found)) == 12
    assert {batch for _, batch, _ in found} == {1, 8, 32}
    assert {threads for _, _, threads in found} == {1, 4}


def test_on_a_single_core_nothing_is_timed_twice() -> None:
    assert len(told("standard", 1)) == 6


def test_quick_spends_at_most_four_seconds_on_a_file_under_a_condition() -> None:
    assert preset_named("quick").latency_seconds <= 4.0
