from hypothesis import given
from hypothesis import strategies as st

from compression.decision.preference import pareto_front, size_cost
from compression.decision.table import Row, table_of
from compression.records.measurements import Condition
from tests.constructed import INT8, ORIGINAL, candidate, document

ONE = Condition(engine="onnxruntime", batch=1, threads=1)
costs_and_accuracies = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=12)


def rows_of(pairs: list[tuple[int, int]]) -> list[Row]:
    return [
        table_of(document(candidate(ORIGINAL, size_bytes=size, accuracy=share / 100)), ONE).original
        for size, share in pairs
    ]


@given(costs_and_accuracies)
def test_no_row_beats_one_of_the_front_and_every_other_row_is_matched_by_one(pairs: list[tuple[int, int]]) -> None:
    rows = rows_of(pairs)
    front = pareto_front(rows, size_cost)

    def beats(one: Row, other: Row) -> bool:
        no_worse = one.size_bytes <= other.size_bytes and one.accuracy.value >= other.accuracy.value
        return no_worse and (one.size_bytes < other.size_bytes or one.accuracy.value > other.accuracy.value)

    assert not any(beats(row, kept) for row in rows for kept in front)
    assert all(
        any(kept.size_bytes <= row.size_bytes and kept.accuracy.value >= row.accuracy.value for kept in front)
        for row in rows
    )


def test_the_front_runs_from_cheap_to_costly() -> None:
    table = table_of(
        document(
            candidate(ORIGINAL, size_bytes=40, accuracy=0.95),
            candidate(INT8, size_bytes=10, accuracy=0.94),
        ),
        ONE,
    )

    assert [row.id for row in pareto_front(table.rows, size_cost)] == ["int8-ptq", "original"]
