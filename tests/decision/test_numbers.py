import pytest

from compression.decision.numbers import (
    JOIN,
    MINUS,
    TIMES,
    in_bytes,
    in_ms,
    in_ms_with_range,
    in_points,
    in_seconds,
    size_against,
    speed_against,
)
from compression.decision.table import Spread


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(999, "999 bytes"), (25_440, "25.4 KB"), (256_000, "256 KB"), (11_312_000, "11.3 MB"), (16_000_000_000, "16 GB")],
)
def test_sizes_are_decimal_and_short(size_bytes: int, words: str) -> None:
    assert in_bytes(size_bytes) == words.replace(" ", JOIN)


def test_times_keep_three_figures_and_their_interval_as_many_decimals() -> None:
    assert in_ms(0.05034) == f"0.0503{JOIN}ms"
    assert in_ms_with_range(Spread(value=1.204, low=1.19, high=1.22)) == f"1.20{JOIN}ms (1.19\N{EN DASH}1.22)"


def test_differences_carry_their_sign_and_zero_none() -> None:
    assert in_points(-0.0012) == f"{MINUS}0.1{JOIN}points"
    assert in_points(0.010) == f"+1.0{JOIN}point"
    assert in_points(0.0001) == f"0.0{JOIN}points"


def test_factors_say_which_way_they_go() -> None:
    assert size_against(10, 40) == f"4.0{TIMES} smaller"
    assert size_against(40, 10) == f"4.0{TIMES} larger"
    assert size_against(10, 10) == "as large"
    assert speed_against(1.04) == f"1.04{TIMES} faster"
    assert speed_against(0.5) == f"2.0{TIMES} slower"


def test_durations_are_in_minutes_from_a_minute_on() -> None:
    assert in_seconds(6.24) == f"6.2{JOIN}s"
    assert in_seconds(59.7) == f"1{JOIN}min"
    assert in_seconds(185) == f"3{JOIN}min 5{JOIN}s"
