"""A student's size is told before it is built, and a student can be asked for by size."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from compression.catalog.rows import FASHION_MNIST
from compression.errors import UsageError
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from compression.modalities.image.modality import ImageModality
from compression.modalities.image.sizes import file_bytes, stem_convolutions
from compression.modalities.image.students import build_student
from compression.modalities.sizes import widest_within
from compression.records.students import Architecture, Student
from tests.classifiers import ready

DATASET = FASHION_MNIST
IMAGES = ImageModality()
ARCHITECTURES: tuple[Architecture, ...] = ("residual", "separable")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(("width", "depth"), [(2, 2), (64, 1)])
def test_the_file_is_never_larger_than_told_and_hardly_smaller(
    architecture: Architecture, width: int, depth: int, tmp_path: Path
) -> None:
    student = Student(size="some", architecture=architecture, width=width, depth=depth)
    network = ready(lambda: build_student(student, DATASET), DATASET.image_shape)
    write_model(export_network(network, DATASET.inputs), tmp_path / "student.onnx")
    real, told = (tmp_path / "student.onnx").stat().st_size, file_bytes(student, DATASET)
    assert 0.85 * told < real <= told


@given(limit=st.integers(12_000, 5_000_000), architecture=st.sampled_from(ARCHITECTURES), depth=st.integers(1, 2))
def test_the_widest_student_within_a_size_fits_and_the_next_wider_does_not(
    limit: int, architecture: Architecture, depth: int
) -> None:
    try:
        student = widest_within(limit, DATASET, IMAGES, size="some", architecture=architecture, depth=depth)
    except UsageError:
        narrowest = Student(size="some", architecture=architecture, width=2, depth=depth)
        assert file_bytes(narrowest, DATASET) > limit
        return
    assert file_bytes(student, DATASET) <= limit
    assert file_bytes(student.model_copy(update={"width": student.width + 1}), DATASET) > limit or student.width == 512


def test_a_size_that_no_student_keeps_within_is_refused_with_the_smallest_there_is() -> None:
    with pytest.raises(UsageError, match=r"fits into 1 KB; the smallest takes \d+\.\d KB"):
        widest_within(1_000, DATASET, IMAGES, size="1 KB")


@pytest.mark.parametrize(("side", "count"), [(8, 1), (28, 1), (56, 1), (57, 2), (96, 2), (224, 3)])
def test_images_of_any_size_are_halved_to_the_maps_that_students_work_on(side: int, count: int) -> None:
    assert stem_convolutions((3, side, side)) == count


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 96, 64)])
def test_students_fit_any_image_size_and_class_count(architecture: Architecture, shape: tuple[int, int, int]) -> None:
    card = DATASET.model_copy(update={"image_shape": shape, "classes": tuple("abcdefg")})
    network = build_student(Student(size="some", architecture=architecture, width=4), card)
    assert network(torch.zeros(2, *shape)).shape == (2, 7)
