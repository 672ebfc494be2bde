"""What a study finds out about the layers of its original: what rounding did to the numbers of each in the files that
were made from it, and what few bits in one of them alone cost.

Nothing is decided by it, so a study goes on without what cannot be looked at, and its log says what that is and why.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from compression.catalog.examples import Dataset
from compression.errors import CandidateFailed, ModelNotUsable
from compression.measurement.graph.onnx_file import load_graph
from compression.measurement.layers.activations import layers_seen
from compression.measurement.layers.roundings import roundings_of
from compression.methods.quantization.low_bit_weights import layers_of, ready_for_4_bits, weights_by_name
from compression.methods.quantization.scorer import Scorer
from compression.methods.quantization.sensitivity import sensitivities
from compression.records.layers import FewBits, LayerFindings, Rounding, Sensitivity
from compression.records.progress import Stage
from compression.records.recipes import Original, Quantize, family_of
from compression.records.schemes import HalfPrecision
from compression.records.study import Study
from compression.store.studies import Store
from compression.studies.presets import Preset

Tell = Callable[[Stage, float], None]

LOOKING: Stage = "looking into layers"
TRYING: Stage = "trying layers in few bits"
# The smallest layers of the bundled models take in sixteen thousand numbers for so many.
HISTOGRAM_EXAMPLES = 32
# So many tell a layer that costs a point from one that costs none, in 4 bits: docs/lab-notes.md, "How sure a layer's
# drop is".
SENSITIVITY_EXAMPLES = 2_000
FEW_BITS: tuple[FewBits, ...] = (4, 2)

log = logging.getLogger(__name__)


def look_into_layers(store: Store, study: Study, dataset: Dataset, preset: Preset, *, threads: int, tell: Tell) -> None:
    """Find out what the preset wants to know of the original's layers, and the store does not know yet; all of it on
    validation examples."""
    if preset.layer_histograms:
        with _going_on_without("histograms of the original's layers"):
            _compare(store, study, dataset, threads=threads, tell=tell)
    if preset.layer_sensitivity:
        with _going_on_without("the sensitivity of the original's layers"):
            _try_few_bits(store, study, dataset, threads=threads, tell=tell)


def _compare(store: Store, study: Study, dataset: Dataset, *, threads: int, tell: Tell) -> None:
    """The layers' numbers in every file that was made from the original, beside those of the original."""
    layers = store.results.layers(study.id)
    compared = {rounding.candidate for layer in layers for rounding in layer.roundings}
    folder = store.folder(study.id)
    files = {
        candidate.id: folder / candidate.artefact
        for candidate in store.results.candidates(study.id)
        if family_of(candidate.recipe) == "quantization"
        and candidate.recipe != Quantize(scheme=HalfPrecision())
        and candidate.set_aside_for is None
        and candidate.id not in compared
    }
    if not files:
        return
    tell(LOOKING, 0.0)
    inputs = dataset.validation.inputs(slice(HISTOGRAM_EXAMPLES))
    original = layers_seen(_original(store, study), inputs, threads=threads)
    layers = layers or tuple(
        LayerFindings(weights=layer.place.stored, operator=layer.place.operator, shape=layer.weights.shape)
        for layer in original
    )
    for number, (candidate, file) in enumerate(files.items(), start=1):
        with _going_on_without(f"histograms of the layers of {candidate}"):
            found = roundings_of(candidate, file, original, inputs, threads=threads)
            layers = _with(layers, "roundings", found)
        tell(LOOKING, number / len(files))
    store.results.set_layers(study.id, layers)


def _try_few_bits(store: Store, study: Study, dataset: Dataset, *, threads: int, tell: Tell) -> None:
    """What few bits in each layer alone cost."""
    layers = store.results.layers(study.id)
    tried = {sensitivity.bits for layer in layers for sensitivity in layer.sensitivities}
    left = [bits for bits in FEW_BITS if bits not in tried]
    if not left:
        return
    tell(TRYING, 0.0)
    model = ready_for_4_bits(load_graph(_original(store, study)))
    layers = layers or tuple(
        LayerFindings(weights=layer.weights, operator=layer.operator, shape=weights.shape)
        for layer, weights in weights_by_name(model, layers_of(model))
    )
    scorer = Scorer(dataset.validation, threads=lambda: threads)
    for number, bits in enumerate(left):
        found = {}
        for layer, sensitivity in sensitivities(model, scorer, bits=bits, examples=SENSITIVITY_EXAMPLES):
            found[layer.weights] = sensitivity
            tell(TRYING, (number + len(found) / len(layers)) / len(left))
        layers = _with(layers, "sensitivities", found)
        # Kept already, for a study that is interrupted in what follows.
        store.results.set_layers(study.id, layers)


def _with(
    layers: tuple[LayerFindings, ...],
    field: Literal["roundings", "sensitivities"],
    found: Mapping[str, Rounding] | Mapping[str, Sensitivity],
) -> tuple[LayerFindings, ...]:
    """The layers with what was found of them, by the names of their weights, added to a field of each."""
    return tuple(
        layer.model_copy(update={field: (*getattr(layer, field), found[layer.weights])})
        if layer.weights in found
        else layer
        for layer in layers
    )


def _original(store: Store, study: Study) -> Path:
    made = store.results.candidates(study.id)
    original = next(candidate for candidate in made if candidate.recipe == Original())
    return store.folder(study.id) / original.artefact


@contextmanager
def _going_on_without(what: str) -> Iterator[None]:
    """Let no file or layer that cannot be looked at end the study."""
    try:
        yield
    except (CandidateFailed, ModelNotUsable) as error:
        log.warning("The study goes on without %s. %s", what, error)
