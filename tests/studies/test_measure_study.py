"""What a study measures beyond what its files are: the preset decides under which conditions."""

from compression.studies.measure_study import conditions
from compression.studies.presets import preset_named
from compression.studies.testing import within


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


def test_a_short_preset_asks_a_slow_network_fewer_images_in_the_second_engine() -> None:
    resnet18, mobilenet_v2 = 122_157_056, 21_750_608
    quick, standard = (preset_named(name).second_engine_macs for name in ("quick", "standard"))
    assert within(10_000, resnet18, quick) == 3_000
    assert within(10_000, mobilenet_v2, quick) == 10_000
    assert within(10_000, resnet18, standard) == 10_000
    assert within(10_000, 10**12, quick) == 250
    assert within(100, 10**12, quick) == 100


def test_on_a_single_core_nothing_is_timed_twice() -> None:
    assert len(told("standard", 1)) == 6


def test_quick_spends_at_most_four_seconds_on_a_file_under_a_condition() -> None:
    assert preset_named("quick").latency_seconds <= 4.0
