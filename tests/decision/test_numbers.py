import pytest

from compression.decision.numbers import (
    JOIN,
    MINUS,
    TIMES,
    TO,
    in_bytes,
    in_bytes_with_range,
    in_millijoules_with_range,
    in_ms,
    in_ms_with_range,
    in_points,
    in_seconds,
    size_against,
    speed_against,
    speed_against_with_range,
    speed_roughly,
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
    assert in_ms_with_range(Spread(value=1.204, low=1.19, high=1.22)) == f"1.20{JOIN}ms (1.19{TO}1.22)"


def test_differences_carry_their_sign_and_zero_none() -> None:
    assert in_points(-0.0012) == f"{MINUS}0.1{JOIN}points"
    assert in_points(0.010) == f"+1.0{JOIN}point"
    assert in_points(0.0001) == f"0.0{JOIN}points"


def test_what_was_read_several_times_has_its_unit_once_where_it_is_the_same() -> None:
    assert in_bytes_with_range(8_200_000, 8_100_000, 8_400_000) == f"8.2{JOIN}MB (8.1{TO}8.4)"
    assert in_bytes_with_range(1_000_000, 980_000, 1_100_000) == f"1{JOIN}MB (980{JOIN}KB{TO}1.1{JOIN}MB)"
    assert in_millijoules_with_range(0.01234, 0.0121, 0.0129) == f"12.3{JOIN}mJ (12.1{TO}12.9)"


@pytest.mark.parametrize(
    ("value", "low", "high", "with_range", "roughly"),
    [
        (2.5, 2.4, 2.6, f"2.5{TIMES} faster (2.4{TO}2.6)", f"2.5{TIMES} faster"),
        (2.5, 2.1, 2.9, f"2.5{TIMES} faster (2.1{TO}2.9)", f"2.1 to 2.9{TIMES} faster"),
        (2.0, 1.98, 2.03, f"2.0{TIMES} faster (1.98{TO}2.03)", f"2.0{TIMES} faster"),
        (0.5, 0.4, 0.51, f"2.0{TIMES} slower (2.0{TO}2.5)", f"2.0 to 2.5{TIMES} slower"),
        (24.0, 14.2, 31.0, f"24{TIMES} faster (14{TO}31)", f"14 to 31{TIMES} faster"),
        (1.05, 1.02, 1.3, f"1.05{TIMES} faster (1.02{TO}1.30)", f"1.02 to 1.30{TIMES} faster"),
    ],
)
def test_a_ratio_of_times_is_told_with_its_interval_or_roughly(
    value: float, low: float, high: float, with_range: str, roughly: str
) -> None:
    found = Spread(value=value, low=low, high=high)

    assert speed_against_with_range(found) == with_range
    assert speed_roughly(found) == roughly


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
