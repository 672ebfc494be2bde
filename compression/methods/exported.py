"""Bundled models as they were exported before: exporting takes ten seconds, and comes to the same each time."""

from hashlib import sha256
from pathlib import Path

import torch

from compression.catalog.rows import pretrained_card
from compression.errors import UnknownName
from compression.methods.build_context import BuildContext
from compression.methods.distillation.teacher import CACHE_LIMIT_BYTES
from compression.store.files import mark_used, prune, write_atomically

# Counts on when networks come to be exported otherwise, so that what is kept of an earlier export is not used.
EXPORT = 1


def kept_export(context: BuildContext) -> Path | None:
    """Where the export of these very weights is kept; None for a model that does not come with Weigh-In."""
    try:
        weights = pretrained_card(str(context.model), context.dataset.card.name).weights
    except UnknownName:
        return None
    key = sha256(f"{EXPORT} {weights.sha256} {torch.__version__}".encode()).hexdigest()
    return context.cache / f"exported-{key[:32]}.onnx"


def take_kept(kept: Path, file: Path) -> float | None:
    """Copy what is kept to ``file``; the seconds that exporting it took. None, and nothing happens, if it is not."""
    took = kept.with_suffix(".seconds")
    if not (kept.is_file() and took.is_file()):
        return None
    write_atomically(file, kept.read_bytes())
    for each in (kept, took):
        mark_used(each)
    return float(took.read_text())


def keep(file: Path, kept: Path, seconds: float) -> None:
    """Keep what was just exported to ``file``, and how long that took. The folder stays within CACHE_LIMIT_BYTES."""
    write_atomically(kept, file.read_bytes())
    write_atomically(kept.with_suffix(".seconds"), str(seconds).encode())
    prune(kept.parent, limit_bytes=CACHE_LIMIT_BYTES, keep=kept)
