import pytest

from compression.decision.wording import in_need_of
from compression.records.study import Needs
from tests.constructed import SUBJECT


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (Needs(labels=False, examples=0), "no images"),
        (Needs(labels=False, examples=300), "300 images"),
        (Needs(labels=True, examples=55_000), "55,000 labelled images"),
    ],
)
def test_what_making_a_file_takes_is_said_with_and_without_labels(needs: Needs, said: str) -> None:
    assert in_need_of(needs, SUBJECT) == said
