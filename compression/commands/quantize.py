"""``quantize``: any ``.onnx`` classifier in, the same one in fewer bits out, and what the engines make of it."""

import shutil
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import LabelledImages, load_dataset
from compression.catalog.rows import dataset_card
from compression.commands.out_file import require_free
from compression.decision.numbers import in_bytes, in_percent
from compression.decision.wording import ENGINE_TITLES
from compression.errors import UsageError
from compression.measurement.engines import ModelNotUsable
from compression.measurement.machine.processor import usable_cores
from compression.methods.quantization import Calibration, needs_examples, quantize_file
from compression.methods.quantization.scorer import Scorer
from compression.records.measurements import Kernels
from compression.records.schemes import SCHEMES, known_schemes

NO_EXAMPLES = (
    "This way to quantize needs examples that show how large the numbers inside the network get; name a dataset with "
    "--dataset."
)


def quantize(file: Path, out: Path, *, dataset: str | None, scheme: str, seed: int) -> None:
    """Write ``file`` to ``out``, quantized, and print what came of it.

    ``seed`` draws the calibration examples from the training split. Raises UsageError, before anything is written, for
    what cannot be done.
    """
    (name,) = known_schemes([scheme])
    chosen = SCHEMES[name]
    require_free(out)
    if dataset is None and needs_examples(chosen):
        raise UsageError(NO_EXAMPLES)
    card = None if dataset is None else dataset_card(dataset)
    # Wrong usage is told before the seconds that these take to import.
    from compression.measurement.checks import ENGINES
    from compression.measurement.graph.kernels import kernels
    from compression.measurement.graph.onnx_file import stored_files
    from compression.methods.export import write_model
    from compression.methods.onnx_import import fixed_batch_of, prepared

    model = prepared(file, None if card is None else card.image_shape)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / file.name, Path(folder) / f"quantized-{out.name}"
        write_model(model, source)
        if card is not None:
            _check(source, card)
        print(f"quantizing {file.name}", file=sys.stderr, flush=True)
        # NNCF draws its bars on the standard output, which is for what came of it.
        with redirect_stdout(sys.stderr):
            calibration, scorer = _images(card, seed)
            for _ in quantize_file(chosen, source, target, calibration=calibration, scorer=scorer):
                pass
        found = [kernels(target, engine) for engine in ENGINES]
        before, after = sum(each.stat().st_size for each in stored_files(file)), target.stat().st_size
        shutil.copyfile(target, out)
    print(f"{out}: {in_bytes(after)}, {before / after:.1f} times smaller than {file.name} ({in_bytes(before)}).")
    for each in found:
        print(f"{ENGINE_TITLES[each.engine]}: {_arithmetic(each)}")
    if fixed_batch_of(model) is not None:
        print(f"It takes one {'example' if card is None else card.noun} at a time, as the file that it was made from.")


def _check(source: Path, card: DatasetCard) -> None:
    from compression.measurement.checks import check_classifier
    from compression.methods.onnx_import import ModelNotQuantizable

    try:
        check_classifier(source, image_shape=card.image_shape, classes=len(card.classes))
    except ModelNotUsable as error:
        raise ModelNotQuantizable(source, error.because) from error


def _images(card: DatasetCard | None, seed: int) -> tuple[Calibration, Scorer]:
    """Training images to calibrate by, and validation images to judge by; without a dataset, none of either."""
    if card is None:
        nothing = LabelledImages(images=np.zeros((0, 0, 0, 0), np.uint8), labels=np.zeros(0, np.int64))
        scorer = Scorer(nothing, lambda pixels: pixels.astype(np.float32), threads=usable_cores())
        return lambda _: np.zeros((0, 0, 0, 0), np.float32), scorer
    data = load_dataset(card)
    order = np.random.default_rng(seed).permutation(len(data.train))

    def calibration(images: int) -> NDArray[np.float32]:
        return data.normalize(data.train.images[order[:images]])

    return calibration, Scorer(data.validation, data.normalize, threads=usable_cores())


def _arithmetic(each: Kernels) -> str:
    return (
        f"{in_percent(each.low_precision_macs)} of the multiply-accumulates are computed in 8 bits; in floating point: "
        f"{_counted(each.in_float) or 'nothing'}."
    )


def _counted(operators: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in operators.items())
