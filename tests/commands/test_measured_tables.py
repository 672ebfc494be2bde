"""What is printed of a comparison says no more than is known."""

import pytest

from compression.commands.measured_tables import difference_in_words, macs_in_words
from compression.measurement.accuracy.paired import difference_interval
from compression.records.measurements import Pair


@pytest.mark.parametrize(
    ("p_value", "told"),
    [(0.00137, "p = 0.00137."), (0.0, "p < 2e-308.")],
)
def test_a_p_value_that_is_too_small_for_a_number_is_not_called_0(p_value: float, told: str) -> None:
    low, high = difference_interval(5, 2800, 10_000)
    pair = Pair(
        first="a",
        second="b",
        total=10_000,
        only_first=5,
        only_second=2800,
        difference=-0.2795,
        low=low,
        high=high,
        p_value=p_value,
    )
    sentence = difference_in_words(pair, "the student", "the teacher", "images")
    assert sentence.startswith(
        "The student's accuracy less the teacher's, on the same 10,000 test images: \N{MINUS SIGN}"
    )
    assert "5 were answered right by the student alone, 2,800 by the teacher alone;" in sentence
    assert sentence.endswith(told)


def test_a_count_is_said_as_well_as_it_is_known() -> None:
    assert [macs_in_words(each) for each in (None, 7_840, 122_157_056)] == ["not known", "7,840", "122.2 million"]
