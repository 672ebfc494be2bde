"""What a model answered is kept in a few bytes an image, and read back as it was or not at all."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from compression.errors import DamagedFile
from compression.store.predictions import Predictions, read_predictions, write_predictions


def made_up(images: int = 50, *, runners_up: bool = True, kind: type = np.uint8) -> Predictions:
    rng = np.random.default_rng(images)
    return Predictions(
        classes=rng.integers(0, 20, images).astype(kind),
        confidences=rng.random(images, dtype=np.float32),
        runners_up=rng.integers(0, 20, (images, 4)).astype(kind) if runners_up else None,
    )


def assert_same(found: Predictions, expected: Predictions) -> None:
    np.testing.assert_array_equal(found.classes, expected.classes, strict=True)
    np.testing.assert_allclose(found.confidences, expected.confidences, rtol=0, atol=0.500001 / 65_535)
    assert found.confidences.dtype == np.float32
    if expected.runners_up is None:
        assert found.runners_up is None
    else:
        assert found.runners_up is not None
        np.testing.assert_array_equal(found.runners_up, expected.runners_up, strict=True)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("runners_up", [True, False])
def test_predictions_are_read_back_as_they_were_written(kind: type, runners_up: bool, tmp_path: Path) -> None:
    expected = made_up(runners_up=runners_up, kind=kind)
    path = tmp_path / "predictions" / "int8-ptq.npz"
    write_predictions(path, expected)
    assert_same(read_predictions(path), expected)
    assert list(path.parent.iterdir()) == [path]


@given(confidences=arrays(np.float32, st.integers(1, 30), elements=st.floats(0, 1, width=32)))
def test_every_probability_survives_to_within_its_rounding(
    confidences: np.ndarray, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "rounding.npz"
    expected = Predictions(classes=np.zeros(len(confidences), np.uint8), confidences=confidences)
    write_predictions(path, expected)
    found = read_predictions(path)
    assert_same(found, expected)
    write_predictions(path, found)
    np.testing.assert_array_equal(read_predictions(path).confidences, found.confidences)


def test_the_file_opens_in_numpy_with_probabilities_as_shares_of_65535(tmp_path: Path) -> None:
    path = tmp_path / "plain.npz"
    confidences = np.array([0.0, 0.25, 1.0], np.float32)
    write_predictions(path, Predictions(classes=np.array([3, 1, 2], np.uint8), confidences=confidences))
    with np.load(path) as found:
        assert found["classes"].tolist() == [3, 1, 2]
        assert found["confidences"].tolist() == [0, 16384, 65535]
        assert found["runners_up"].shape == (3, 0)


def test_the_same_predictions_make_the_same_file_and_no_large_one(tmp_path: Path) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for path in (first, second):
        write_predictions(path, made_up(10_000, runners_up=False))
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size < 3.1 * 10_000


def test_a_file_cut_short_anywhere_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "cut.npz"
    write_predictions(path, made_up())
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedFile, match=r"cut.npz is missing or damaged .* measure the candidate again"):
            read_predictions(path)


def test_a_changed_byte_is_noticed_wherever_it_matters(tmp_path: Path) -> None:
    path = tmp_path / "changed.npz"
    write_predictions(path, made_up())
    expected, whole = read_predictions(path), path.read_bytes()
    noticed = 0
    for place in range(len(whole)):
        changed = whole[place] ^ 1 << place % 8
        path.write_bytes(whole[:place] + bytes([changed]) + whole[place + 1 :])
        try:
            assert_same(read_predictions(path), expected)
        except DamagedFile:
            noticed += 1
    assert noticed > len(whole) / 2


def write_arrays(path: Path, **changed: np.ndarray | None) -> None:
    whole = {
        "classes": np.zeros(5, np.uint8),
        "confidences": np.zeros(5, np.uint16),
        "runners_up": np.zeros((5, 4), np.uint8),
    }
    np.savez_compressed(path, **{name: array for name, array in (whole | changed).items() if array is not None})


@pytest.mark.parametrize(
    "changed",
    [
        {"classes": None},
        {"confidences": None},
        {"runners_up": None},
        {"classes": np.zeros(6, np.uint8)},
        {"classes": np.zeros((5, 1), np.uint8)},
        {"classes": np.zeros(5, np.int64)},
        {"confidences": np.zeros(4, np.uint16)},
        {"confidences": np.zeros(5, np.float32)},
        {"runners_up": np.zeros((5, 3), np.uint8)},
        {"runners_up": np.zeros((5, 4), np.float32)},
        {name: np.zeros(0, kind) for name, kind in (("classes", np.uint8), ("confidences", np.uint16))},
        {"classes": np.array([None] * 5)},
    ],
)
def test_arrays_that_are_no_predictions_are_damage(changed: dict[str, np.ndarray | None], tmp_path: Path) -> None:
    path = tmp_path / "wrong.npz"
    write_arrays(path)
    read_predictions(path)
    write_arrays(path, **changed)
    with pytest.raises(DamagedFile, match="does not hold one answer per example"):
        read_predictions(path)


def test_another_kind_of_file_is_damage_and_a_missing_one_is_said_to_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    with pytest.raises(DamagedFile, match="it is not there"):
        read_predictions(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(5, np.uint8))
    with pytest.raises(DamagedFile, match="does not hold one answer per example"):
        read_predictions(path)


def test_predictions_that_do_not_fit_together_cannot_be_made() -> None:
    sure = np.ones(2, np.float32)
    with pytest.raises(ValueError, match="at least one example"):
        Predictions(classes=np.zeros(3, np.uint8), confidences=sure)
    with pytest.raises(ValueError, match="4 runners-up"):
        Predictions(classes=np.zeros(2, np.uint8), confidences=sure, runners_up=np.zeros((2, 5), np.uint8))
    with pytest.raises(ValueError, match="unsigned"):
        Predictions(classes=np.zeros(2, np.int64), confidences=sure)
    for wrong in (1.5, -0.5, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Predictions(classes=np.zeros(2, np.uint8), confidences=np.array([0.5, wrong], np.float32))
