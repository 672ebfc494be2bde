"""Small files differ more from themselves than large ones, and count with that noise wherever their times are
compared."""

import pytest

from compression.decision.compare import latency_ratio, tells_apart
from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import Table, table_of
from compression.decision.targets import target_named
from compression.decision.verdict import decide
from compression.records.measurements import Condition, FileNoise, Noise, Timing
from tests.constructed import INT8, LARGE, MEDIUM, ORIGINAL, SMALL, candidate, distilled, document

ONE_IMAGE = Condition(engine="onnxruntime", batch=1, threads=1)
FILES = (
    candidate(ORIGINAL, size_bytes=40_000_000, accuracy=0.95, ms=1.5),
    candidate(INT8, size_bytes=10_000_000, accuracy=0.95, ms=0.8),
    candidate(distilled(SMALL), size_bytes=25_000, accuracy=0.95, ms=0.031),
    candidate(distilled(MEDIUM), size_bytes=180_000, accuracy=0.95, ms=0.040),
    candidate(distilled(LARGE), size_bytes=490_000, accuracy=0.95, ms=0.9),
)


def of_file(candidate: str, smallest: float, batch: int = 1) -> FileNoise:
    return FileNoise(
        candidate=candidate,
        engine="onnxruntime",
        precision="fp32",
        batch=batch,
        threads=1,
        ratios=(1 + smallest,),
        smallest_difference=smallest,
    )


def table(*files: FileNoise, machine: float = 0.007) -> Table:
    noise = Noise(engine="onnxruntime", batch=1, threads=1, ratios=(1 + machine,), smallest_difference=machine)
    timing = Timing(noise=(noise,), files=files, other_cores=0.0)
    return table_of(document(*FILES).model_copy(update={"timing": timing}), ONE_IMAGE)


def noise_in(found: Table) -> dict[str, float]:
    return {row.id: row.smallest_difference for row in found.rows}


def test_a_file_has_its_own_noise_and_others_that_of_the_nearest_in_time() -> None:
    found = noise_in(table(of_file("distilled-small", 0.77), of_file("int8-ptq", 0.02)))

    assert found == pytest.approx(
        {
            "original": 0.007,
            "int8-ptq": 0.02,
            "distilled-small": 0.77,
            "distilled-medium": 0.77,
            "distilled-large": 0.02,
        }
    )


def test_no_file_is_known_better_than_the_machine_was_quiet() -> None:
    assert set(noise_in(table(of_file("int8-ptq", 0.02), machine=0.3)).values()) == {0.3}


def test_a_study_that_timed_nothing_again_is_read_as_before() -> None:
    assert set(noise_in(table()).values()) == {0.007}
    assert Timing.model_validate({"noise": [], "other_cores": None}).files == ()


def test_another_batch_has_a_noise_of_its_own() -> None:
    assert set(noise_in(table(of_file("distilled-small", 0.77, batch=32))).values()) == {0.007}


def test_two_small_files_that_differ_by_less_than_one_from_itself_are_not_told_apart() -> None:
    def told_apart(found: Table) -> bool:
        small, medium = found.row("distilled-small"), found.row("distilled-medium")
        assert small is not None
        assert medium is not None
        return tells_apart(latency_ratio(medium, small), 1.0)

    assert told_apart(table())
    assert not told_apart(table(of_file("distilled-small", 0.77)))


def test_a_choice_in_two_modes_has_no_speed_and_is_not_surely_within_a_time_limit() -> None:
    found = table(of_file("distilled-small", 0.77))
    decision = decide(found, target_named("custom"), Limits(max_latency_ms=0.045), Preference.FASTEST)

    assert decision.certainty == "probable"
    assert "speed not known" in decision.headline
    assert any(reason.startswith("Its time could be 0.0549") for reason in decision.reasons)


def test_a_choice_that_varied_by_less_is_told_in_a_caveat() -> None:
    decision = decide(table(of_file("distilled-small", 0.3)), target_named("custom"), Limits(), Preference.SMALLEST)

    assert decision.certainty == "probable"
    assert decision.caveat == (
        "Files as fast as the chosen one varied by 30% in time, so smaller differences say nothing."
    )
