"""``quantize``: any ``.onnx`` classifier in, the same one in fewer bits out, and what the engines make of it."""

import shutil
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Dataset
from compression.catalog.sufficient import check_dataset
from compression.commands.handed_over import better_prepared
from compression.commands.measured_tables import as_handed_over
from compression.commands.out_file import require_free
from compression.decision.numbers import in_bytes, in_percent
from compression.errors import ModelNotUsable, UsageError
from compression.measurement.machine.processor import usable_cores
from compression.methods.quantization import Calibration, needs_examples, quantize_file
from compression.methods.quantization.check import Checked
from compression.methods.quantization.scorer import Scorer
from compression.modalities.choose import CATALOG, Catalog
from compression.records.measurements import ENGINE_TITLES, EngineName, Kernels
from compression.records.schemes import SCHEMES, Scheme, calibration_of, known_schemes

NO_EXAMPLES = (
    "This way to quantize needs examples that show how large the numbers inside the network get; name a dataset with "
    "--dataset."
)
NEARLY_ALL = "99.9%"
NEVER_IN_8_BITS = {"Attention", "GRU", "LSTM", "RNN"}


def quantize(file: Path, out: Path, *, dataset: str | None, scheme: str, seed: int, catalog: Catalog = CATALOG) -> None:
    """Write ``file`` to ``out``, quantized, and print what came of it.

    ``seed`` draws the calibration examples from the training split. Raises UsageError, before anything is written, for
    what cannot be done.
    """
    (name,) = known_schemes([scheme])
    chosen = SCHEMES[name]
    require_free(out)
    if dataset is None and needs_examples(chosen):
        raise UsageError(NO_EXAMPLES)
    card = None if dataset is None else catalog.dataset_card(dataset)
    # Wrong usage is told before the seconds that these take to import.
    from compression.measurement.checks import ENGINES
    from compression.measurement.graph.onnx_file import stored_files
    from compression.methods.model_file import write_model
    from compression.methods.onnx_import import fixed_batch_of, prepared
    from compression.methods.quantization.change import require_change

    model = prepared(file, card)
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / file.name, Path(folder) / "quantized" / out.name
        target.parent.mkdir()
        write_model(model, source)
        if card is not None:
            _check(source, card)
        print(f"quantizing {file.name}", file=sys.stderr, flush=True)
        # NNCF draws its bars on the standard output, which is for what came of it.
        with redirect_stdout(sys.stderr):
            data = _dataset(card, chosen, catalog)
            calibration, scorer = _examples(data, seed)
            checked = _result(quantize_file(chosen, source, target, calibration=calibration, scorer=scorer))
        require_change(source, target)
        found = {engine: _kernels(target, engine) for engine in ENGINES}
        before, after = sum(each.stat().st_size for each in stored_files(file)), target.stat().st_size
        shutil.copyfile(target, out)
    print(f"{out}: {in_bytes(after)}, {before / after:.1f} times smaller than {file.name} ({in_bytes(before)}).")
    for engine, kernels in found.items():
        print(f"{ENGINE_TITLES[engine]}: {kernels if isinstance(kernels, str) else _arithmetic(kernels)}")
    for kind in _never_in_8_bits([kernels for kernels in found.values() if isinstance(kernels, Kernels)]):
        print(f"No engine has {kind} in 8 bits: it stays in floating point.")
    noun, nouns = ("example", "examples") if card is None else (card.noun, card.nouns)
    for sentence in _sentences(checked, nouns):
        print(sentence)
    if card is not None and data is not None:
        print(as_handed_over(card))
        modality, threads = catalog.modality_of(card), usable_cores()
        for sentence in better_prepared(file, data, modality, engine=ENGINES[0], threads=threads):
            print(sentence)
    if fixed_batch_of(model) is not None:
        print(f"It takes one {noun} at a time, as the file that it was made from.")


def _check(source: Path, card: DatasetCard) -> None:
    from compression.measurement.checks import check_classifier
    from compression.methods.onnx_import import ModelNotQuantizable

    try:
        check_classifier(source, card)
    except ModelNotUsable as error:
        raise ModelNotQuantizable(source, error.because) from error


def _dataset(card: DatasetCard | None, scheme: Scheme, catalog: Catalog) -> Dataset | None:
    if card is None:
        return None
    data = catalog.modality_of(card).load(card)
    check_dataset(data, calibration=calibration_of(scheme), training=False)
    return data


def _examples(data: Dataset | None, seed: int) -> tuple[Calibration, Scorer]:
    """Training examples to calibrate by, and validation examples to score by; without a dataset, none of either."""
    if data is None:
        return lambda _: {}, Scorer(None, threads=usable_cores)
    order = np.random.default_rng(seed).permutation(len(data.train))
    return lambda examples: data.train.inputs(order[:examples]), Scorer(data.validation, threads=usable_cores)


def _kernels(target: Path, engine: EngineName) -> Kernels | str:
    """What an engine makes of the file; that nobody knows, or that it runs no such file."""
    from compression.measurement.engines.kernels import kernels
    from compression.measurement.graph.shapes import NotCounted

    try:
        return kernels(target, engine)
    except NotCounted:
        return "how much of it is computed in 8 bits is not known."
    except ModelNotUsable as error:
        return f"it does not run it: {error.because}."


def _never_in_8_bits(found: Sequence[Kernels]) -> list[str]:
    """Operators that stay in floating point in every engine, of a file that computes in 8 bits at all."""
    if not any(each.low_precision_macs for each in found):
        return []
    return sorted(set.intersection(*(set(each.in_float) for each in found)) & NEVER_IN_8_BITS)


def _result(steps: Generator[float, None, Checked]) -> Checked:
    """What is returned by whoever only yields how far it is."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Checked = end.value
            return result


def _sentences(checked: Checked, nouns: str) -> Iterator[str]:
    """What the engines answered with the file, and what is wrong with it."""
    if checked.original is not None:
        each = ", ".join(
            f"{in_percent(accuracy)} in {ENGINE_TITLES[engine]}" for engine, accuracy in checked.accuracies.items()
        )
        whole = f"{checked.examples} validation {nouns}"
        yield f"Of {whole} it answers right: {each} (the original: {in_percent(checked.original)})."
    for finding in checked.repaired:
        yield f"It was quantized with less rounding than usual, since otherwise {finding.in_words(nouns)}."
    for finding in checked.findings:
        yield f"Beware: {finding.in_words(nouns)}."


def _arithmetic(each: Kernels) -> str:
    share = each.low_precision_macs
    told = in_percent(share) if share == 1 or in_percent(share) != in_percent(1.0) else f"more than {NEARLY_ALL}"
    return (
        f"{told} of the multiply-accumulates are computed in 8 bits; in floating point: "
        f"{_counted(each.in_float) or 'nothing'}."
    )


def _counted(operators: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in operators.items())
