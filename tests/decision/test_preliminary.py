"""The first comparison of a study under way: sizes and accuracies, and never a control."""

import pytest

from compression.decision.preliminary import SoFar, preliminary
from compression.records.recipes import Family

X, JOIN = "\N{MULTIPLICATION SIGN}", "\N{NO-BREAK SPACE}"


def file(family: Family, size_bytes: int, lost: float, *, tested: bool = True) -> SoFar:
    return SoFar(family=family, size_bytes=size_bytes, lost=lost, tested=tested)


def test_without_a_compressed_file_there_is_nothing_to_compare() -> None:
    assert preliminary(40_000_000, []) is None
    assert preliminary(40_000_000, [file("original", 40_000_000, 0.0), file("control", 20_000, 0.0)]) is None


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([file("quantization", 10_000_000, 0.0)], f"Quantize it: 4.0{X} smaller, as accurate."),
        (
            [file("quantization", 10_000_000, 0.012, tested=False)],
            f"Quantize it: 4.0{X} smaller, about as accurate on validation examples.",
        ),
        (
            [file("distillation", 200_000, 0.08, tested=False)],
            f"Nothing yet loses less than 2.0{JOIN}points: 200{X} smaller, about 8 points less accurate on validation "
            "examples.",
        ),
        (
            [file("quantization", 10_000_000, 0.0), file("distillation", 200_000, 0.019), file("both", 60_000, 0.021)],
            f"Distil it: 200{X} smaller, 1.9{JOIN}points less accurate.",
        ),
        (
            [file("both", 80_000, -0.003)],
            f"Distil it, then quantize it: 500{X} smaller, 0.3{JOIN}points more accurate.",
        ),
        (
            [file("distillation", 20_000, 0.12), file("distillation", 200_000, 0.05)],
            f"Nothing yet loses less than 2.0{JOIN}points: 200{X} smaller, 5.0{JOIN}points less accurate.",
        ),
    ],
)
def test_the_smallest_that_loses_little_is_ahead(files: list[SoFar], said: str) -> None:
    assert preliminary(40_000_000, files) == said
