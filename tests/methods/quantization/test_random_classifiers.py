"""Whatever classifier is drawn and whichever scheme: a file that both engines answer alike with, or a sentence.

``pytest --hypothesis-profile=thorough`` tries hundreds instead of a handful.
"""

from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from compression.errors import WeighInError
from compression.measurement.checks import ENGINES, check_classifier
from compression.measurement.engines import open_session
from compression.measurement.engines.kernels import kernels
from compression.measurement.graph.shapes import NotCounted
from compression.methods.model_file import write_model
from compression.methods.onnx_import import prepared
from compression.methods.quantization import quantize_file
from compression.methods.quantization.check import Checked
from compression.methods.quantization.scorer import Scorer
from compression.records.measurements import EngineName
from compression.records.schemes import SCHEMES, SchemeName
from tests.measurement.conftest import Arrays, card_of
from tests.random_classifiers import CLASSES, IMAGE, Drawn, classifiers

CARD, EXAMPLES = card_of(), 64
IMAGES = np.random.default_rng(0).normal(size=(EXAMPLES, *IMAGE)).astype(np.float32)
LEARNT = Arrays({"images": IMAGES}, np.arange(EXAMPLES) % CLASSES)
# Those that take a second or two; the others are made of them.
QUICK: tuple[SchemeName, ...] = ("fp16", "int8-weights", "int4-weights", "int8-dynamic", "int8-ptq")
TRIED = 300 if settings.get_current_profile_name() == "thorough" else 6
# Of the spread of the scores: the engines fuse other operators, and round other numbers then.
ALIKE = 0.25


# Large sums of MatMulInteger are cut off by processors without instructions for 8-bit products.
LARGE_SUMS = Drawn(
    maps=("computed",),
    end="attention",
    head="gemm",
    last="log-softmax",
    opset=9,
    batch=None,
    double=False,
    outside=False,
    seed=0,
)


@example(drawn=LARGE_SUMS, scheme="int8-dynamic")
@settings(max_examples=TRIED, deadline=None, suppress_health_check=list(HealthCheck), derandomize=TRIED < 100)
@given(drawn=classifiers(), scheme=st.sampled_from(QUICK))
def test_each_scheme_gives_a_file_that_both_engines_answer_alike_with_or_a_sentence(
    drawn: Drawn, scheme: SchemeName
) -> None:
    with TemporaryDirectory() as folder:
        try:
            file, checked = _quantized(drawn.write(Path(folder)), scheme)
        except WeighInError as refused:
            said = str(refused)
            assert said.endswith(".")
            assert "\n" not in said
            return
        assert all(finding.in_words("images") for finding in checked.findings)
        for engine in ENGINES:
            assert _shares_or_nobody_knows(file, engine)
        if not checked.findings:
            first, second = (_scores(file, engine) for engine in ENGINES)
            assert np.abs(first - second).mean() <= ALIKE * first.std()


def _quantized(source: Path, scheme: SchemeName) -> tuple[Path, Checked]:
    check_classifier(source, CARD)
    ready = source.with_name("ready.onnx")
    write_model(prepared(source, CARD), ready)
    target = source.with_name(f"{scheme}.onnx")
    steps = quantize_file(
        SCHEMES[scheme],
        ready,
        target,
        calibration=lambda examples: LEARNT.inputs(slice(examples)),
        scorer=Scorer(LEARNT, threads=lambda: 1),
    )
    return target, _returned(steps)


def _returned(steps: Generator[float, None, Checked]) -> Checked:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            checked: Checked = end.value
            return checked


def _shares_or_nobody_knows(file: Path, engine: EngineName) -> bool:
    try:
        return 0.0 <= kernels(file, engine).low_precision_macs <= 1.0
    except NotCounted as unknown:
        return bool(unknown.because)


def _scores(file: Path, engine: EngineName) -> NDArray[np.float32]:
    session = open_session(file, engine, threads=1)
    return np.concatenate([session.run({"images": IMAGES[row : row + 1]}) for row in range(EXAMPLES)])
