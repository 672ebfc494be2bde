"""A teacher's logits for every view of the training examples: computed once, through an engine, and kept on disk.

A teacher is any ONNX file that turns examples into class scores; nothing more of it is needed or known.
"""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from compression.catalog.examples import rows_of
from compression.errors import ModelNotUsable
from compression.measurement.engines import Session, open_session
from compression.measurement.graph.onnx_file import fixed_batch, load_graph, stored_files
from compression.measurement.scores.kinds import as_logits, kind_in_graph, kind_of, least_of
from compression.methods.distillation.conv_as_matmul import with_matrix_products
from compression.methods.modality import Views
from compression.methods.model_file import write_model
from compression.records.measurements import ScoreKind
from compression.store.files import mark_used, prune, sha256_of, write_atomically

# Faster than 64 at once, and hardly slower than more: docs/lab-notes.md, "Examples at once".
BATCH = 128
# Room for hundreds of studies: docs/lab-notes.md, "What the answers take on disk".
CACHE_LIMIT_BYTES = 500_000_000
# Counts on when scores come to be read otherwise, so that what is kept of an earlier reading is not used.
READING = 3


class TeacherNotUsable(ModelNotUsable):
    """A file that nobody can learn from. ``because``: why, and what to do about it."""

    purpose = "used as a teacher"


def teacher_hash(teacher: Path) -> str:
    """SHA-256 of a teacher, of the weights that its file keeps elsewhere too. Raises ModelNotUsable without them."""
    hashes = [sha256_of(file.read_bytes()) for file in stored_files(teacher)]
    return hashes[0] if len(hashes) == 1 else sha256_of(" ".join(hashes).encode())


def logits_file(teacher: Path, views: Views, cache: Path, scores: ScoreKind | None = None) -> Path:
    """Where the logits of this very file on these very views are kept, its scores being what they are taken for."""
    key = sha256(f"{READING} {teacher_hash(teacher)} {views.fingerprint()} {scores}".encode()).hexdigest()
    return cache / f"teacher-logits-{key[:32]}.npy"


def compute_teacher_logits(
    teacher: Path, views: Views, kept_in: Path, *, threads: int, scores: ScoreKind | None = None
) -> Iterator[float]:
    """Run the teacher on every view and write its logits, yielding the share done. Does nothing if they are there.

    The folder is kept within CACHE_LIMIT_BYTES; what is in it can be deleted whenever no study is at work, and is made
    again.

    OpenVINO in bf16 where CPU and file can be computed in it: docs/lab-notes.md, "The teacher in bf16"; a file that it
    does not have all operators of is asked in ONNX Runtime. Kept are the logits behind whatever the ``scores`` are (see
    ``measurement.scores.kinds``), which the graph and the first of them tell unless they are given.

    Raises TeacherNotUsable when a score is no finite number, or too large for 16 bits.
    """
    if kept_in.is_file():
        mark_used(kept_in)
        return
    told = scores or kind_in_graph(load_graph(teacher))
    session = _quick_session(teacher, threads=threads, exact=told == "sigmoids")
    together = fixed_batch(teacher) or BATCH
    # What a probability of 0 is taken for; known once the first scores are.
    least = 0.0
    logits: list[NDArray[np.float16]] = []
    for view in range(views.count):
        for start in range(0, views.size, BATCH):
            indices = torch.arange(start, min(start + BATCH, views.size), device=views.device)
            inputs = {name: each.contiguous().cpu().numpy() for name, each in views.render(indices, view).items()}
            starts = range(0, len(indices), together)
            given = np.concatenate([session.run(rows_of(inputs, slice(at, at + together))) for at in starts])
            if not logits:
                scores = scores or kind_of(given, told)
                least = least_of(given, scores)
            logits.append(_in_16_bits(as_logits(given, scores or "logits", least), teacher))
            yield (view * views.size + start) / (views.count * views.size)
    buffer = BytesIO()
    np.save(buffer, np.concatenate(logits).reshape(views.count, views.size, -1))
    write_atomically(kept_in, buffer.getvalue())
    prune(kept_in.parent, limit_bytes=CACHE_LIMIT_BYTES, keep=kept_in)


def load_teacher_logits(kept_in: Path) -> Tensor:
    """Logits float16 [views, N, classes]."""
    return torch.from_numpy(np.load(kept_in))


def _quick_session(teacher: Path, *, threads: int, exact: bool) -> Session:
    """A session that gives the scores of ``teacher``, but for rounding, and is made to answer many examples at once.

    ``exact``: in 32 bits, since there is no telling 0.999 from 0.9999 in fewer.
    """
    rewritten = with_matrix_products(teacher)
    if rewritten is None:
        return _in_fewest_bits(teacher, threads=threads, exact=exact)
    with TemporaryDirectory() as folder:
        file = Path(folder) / teacher.name
        write_model(rewritten, file)
        return _in_fewest_bits(file, threads=threads, exact=exact)


def _in_fewest_bits(file: Path, *, threads: int, exact: bool) -> Session:
    capabilities = torch.cpu.get_capabilities()
    if not exact and (capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")):
        # It has no bf16 beside layers in signed 8 bits: docs/lab-notes.md, "The teacher in bf16".
        with suppress(ModelNotUsable):
            return open_session(file, "openvino", threads=threads, precision="bf16")
    with suppress(ModelNotUsable):
        return open_session(file, "openvino", threads=threads)
    return open_session(file, "onnxruntime", threads=threads)


def _in_16_bits(logits: NDArray[np.float32], teacher: Path) -> NDArray[np.float16]:
    if not (np.abs(logits) <= np.finfo(np.float16).max).all():
        raise TeacherNotUsable(
            teacher,
            "for one of the training examples it gives a score that is not a finite number, or too large to be kept in "
            "16 bits; check its weights",
        )
    return logits.astype(np.float16)
