"""The original as one file, which everything else starts from."""

from collections.abc import Iterator
from time import monotonic

from compression.methods.export import export_network, write_model
from compression.methods.making import Made, Step
from compression.methods.materials import Materials
from compression.store.records import Needs


def make_original(materials: Materials) -> Iterator[Step | Made]:
    """Export the pretrained network."""
    started = monotonic()
    yield Step(stage="exporting", done=0.0)
    write_model(export_network(materials.network(), materials.dataset.card), materials.original)
    yield Made(artefact=materials.original, seconds=monotonic() - started, needs=Needs(labels=False, examples=0))
