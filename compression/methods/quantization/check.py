"""Asking both engines what a quantized file answers, as it will be asked when it is measured and deployed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import get_args

import numpy as np
import onnx
from numpy.typing import NDArray

from compression.catalog.examples import Examples, Inputs, length_of, rows_of
from compression.errors import ModelNotUsable
from compression.measurement.engines import open_session
from compression.measurement.engines.as_written import scores_as_written
from compression.measurement.graph.onnx_file import fixed_batch, inputs_of
from compression.methods.onnx_import.same_scores import made_up_inputs
from compression.methods.quantization.findings import Answered, Finding, Refused, accuracies_of, findings_of
from compression.records.measurements import EngineName
from compression.records.study import Check

# So many validation examples tell an engine's fault from rounding, and take seconds.
EXAMPLES = 500
# Without validation examples, so many are made up.
MADE_UP = 64
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
Scores = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a file is asked: ``batch`` at a time, ``fixed`` to that batch or free, the first ``examples`` ones."""

    batch: int
    fixed: bool
    examples: int


# Accuracy is measured in the first form, times in the others.
FORMS = (
    Form(batch=250, fixed=False, examples=EXAMPLES),
    Form(batch=1, fixed=True, examples=32),
    Form(batch=32, fixed=True, examples=64),
)
ONE_AT_A_TIME = (Form(batch=1, fixed=False, examples=EXAMPLES),)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the engines answered with a file. ``accuracies`` are shares (0..1) of so many validation ``examples``, that
    of the ``original`` in ONNX Runtime; without validation examples there are none.

    ``repaired``: what was wrong with the file as the scheme usually makes it, and is not with this one.
    """

    findings: tuple[Finding, ...]
    examples: int = 0
    original: float | None = None
    accuracies: dict[EngineName, float] = field(default_factory=dict)
    repaired: tuple[Finding, ...] = ()

    @property
    def worst(self) -> float:
        """The accuracy in the engine that answers fewer right; 0 where none is known."""
        return min(self.accuracies.values(), default=0.0)

    def in_words(self, nouns: str) -> Check:
        """What a study keeps of it."""
        return Check(
            repaired=tuple(each.in_words(nouns) for each in self.repaired),
            wrong=tuple(each.in_words(nouns) for each in self.findings),
        )


class Checker:
    """Holds quantized files against the ``source`` that they are made from, on validation examples if there are any."""

    def __init__(self, source: Path, validation: Examples | None, *, threads: Callable[[], int]) -> None:
        self._source, self._threads = source, threads
        self._labels: NDArray[np.int64] | None = None
        self._rows: Callable[[slice], Inputs]
        if validation is None or len(validation) == 0:
            invented = _invented(source)
            self._rows = lambda rows: rows_of(invented, rows)
            self._there = length_of(invented)
        else:
            self._rows = validation.inputs
            self._there = min(EXAMPLES, len(validation))
            self._labels = validation.labels[: self._there]
        forms = FORMS if fixed_batch(source) is None else ONE_AT_A_TIME
        self._forms = tuple(form for form in forms if not form.fixed or form.batch <= self._there)

    def check(self, file: Path, *, explained: float) -> Checked:
        """Ask both engines. ``explained``: the loss of accuracy (a share) that the scheme explains."""
        answered: list[Answered] = []
        refused: list[Refused] = []
        written = self._written(file)
        for engine in self._engines:
            try:
                for form in self._forms:
                    answered.append(
                        Answered(
                            engine=engine,
                            batch=form.batch,
                            fixed=form.fixed,
                            scores=self._scores(file, engine, form),
                            written=partial(written, form),
                        )
                    )
            except ModelNotUsable as error:
                refused.append(Refused(engine=engine, because=error.because))
        findings = (*refused, *findings_of(self._original, answered, self._labels, explained=explained))
        if self._labels is None:
            return Checked(findings=findings)
        return Checked(
            findings=findings,
            examples=self._there,
            original=float(np.mean(self._original.argmax(axis=1) == self._labels)),
            accuracies=accuracies_of(answered, self._labels),
        )

    @cached_property
    def _original(self) -> Scores:
        return self._scores(self._source, "onnxruntime", self._forms[0])

    @cached_property
    def _engines(self) -> tuple[EngineName, ...]:
        """Those that run the source: of the others nothing can be said."""
        running = []
        for engine in ENGINES:
            try:
                open_session(self._source, engine, threads=self._threads())
            except ModelNotUsable:
                continue
            running.append(engine)
        return tuple(running)

    def _written(self, file: Path) -> Callable[[Form], Scores]:
        """What the file says, for each form: they differ for a file only that takes its ranges from the batch."""
        kinds = {node.op_type for node in onnx.load(file, load_external_data=False).graph.node}
        by_form = "DynamicQuantizeLinear" in kinds

        @cache
        def scores(form: Form) -> Scores:
            return scores_as_written(file, self._batches(form), threads=self._threads())

        return lambda form: scores(form if by_form else self._forms[0])[: self._asked(form)]

    def _scores(self, file: Path, engine: EngineName, form: Form) -> Scores:
        session = open_session(file, engine, threads=self._threads(), batch=form.batch if form.fixed else None)
        return np.concatenate([session.run(inputs) for inputs in self._batches(form)])

    def _batches(self, form: Form) -> Iterator[Inputs]:
        asked = self._asked(form)
        for start in range(0, asked, form.batch):
            yield self._rows(slice(start, min(start + form.batch, asked)))

    def _asked(self, form: Form) -> int:
        asked = min(form.examples, self._there)
        return asked - asked % form.batch if form.fixed else asked


def _invented(source: Path) -> Inputs:
    model = onnx.load(source, load_external_data=False)
    shapes = {
        value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim[1:]] for value in inputs_of(model)
    }
    return made_up_inputs(model, shapes, MADE_UP)
