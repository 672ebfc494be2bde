"""A bundled model is exported once; later studies take the same file, and say what exporting it took."""

from pathlib import Path

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import Built
from compression.methods.exported import kept_export
from compression.records.budgets import StudentBudget
from compression.records.recipes import Original
from tests import tiny

NOBODY = tiny.images(0, seed=0, shape=FASHION_MNIST.image_shape)


def context(model: str, artefacts: Path, cache: Path) -> BuildContext:
    """Fashion-MNIST's card, and a network that is exported in a moment."""
    return BuildContext(
        model=model,
        dataset=Dataset(card=FASHION_MNIST, train=NOBODY, validation=NOBODY, test=NOBODY),
        modality=tiny.TinyModality(),
        student_budget=StudentBudget(epochs=1, batch_size=1, peak_learning_rate=0.1, weight_decay=0.0),
        seed=0,
        artefacts=artefacts,
        cache=cache,
    )


def made(one: BuildContext) -> Built:
    *_, last = build(Original(), one)
    assert isinstance(last, Built)
    return last


def test_what_was_exported_before_is_taken_byte_by_byte_and_took_as_long(tmp_path: Path) -> None:
    first = made(context("resnet18", tmp_path / "a", tmp_path / "cache"))
    again = made(context("resnet18", tmp_path / "b", tmp_path / "cache"))

    assert again.artefact.read_bytes() == first.artefact.read_bytes()
    assert again.seconds == first.seconds


def test_without_the_time_that_it_took_it_is_exported_anew(tmp_path: Path) -> None:
    one = context("resnet18", tmp_path / "a", tmp_path / "cache")
    made(one)
    kept = kept_export(one)
    assert kept is not None
    kept.with_suffix(".seconds").unlink()
    kept.write_bytes(b"broken")

    assert made(one).artefact.read_bytes() == kept.read_bytes() != b"broken"


def test_other_weights_are_another_file_and_a_model_of_ones_own_is_not_kept(tmp_path: Path) -> None:
    files = {kept_export(context(model, tmp_path, tmp_path)) for model in ("resnet18", "mobilenet_v2", "their-net")}
    assert len(files) == 3
    assert None in files
