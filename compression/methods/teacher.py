"""A teacher's logits for every view of the training images: computed once, through an engine, and kept on disk.

A teacher is any ONNX file that turns images into logits; nothing more of it is needed or known.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from compression.measurement.engines import open_session
from compression.methods.views import Views
from compression.store.cache import mark_used, prune
from compression.store.files import sha256_of, write_atomically

# On a Xeon with AMX, ResNet-18 answered 7 % more images in a second of processor time than with 32 at once.
BATCH = 64
# Logits of 60,000 images in ten classes take 1.2 MB a view: room for hundreds of studies.
CACHE_LIMIT_BYTES = 500_000_000


def logits_file(teacher: Path, views: Views, cache: Path) -> Path:
    """Where the logits of this very file on these very views are kept."""
    key = sha256(f"{sha256_of(teacher.read_bytes())} {views.fingerprint()}".encode()).hexdigest()
    return cache / f"teacher-logits-{key[:32]}.npy"


def compute_teacher_logits(teacher: Path, views: Views, kept_in: Path, *, threads: int) -> Iterator[float]:
    """Run the teacher on every view and write its logits, yielding the share done. Does nothing if they are there.

    The folder is kept within CACHE_LIMIT_BYTES; what is in it can be deleted whenever no study is at work, and is made
    again.

    OpenVINO in bf16 where the CPU computes in it: about twice as fast as fp32, and a soft target needs no more than
    two digits.
    """
    if kept_in.is_file():
        mark_used(kept_in)
        return
    bf16 = bool(torch.cpu.get_capabilities().get("avx512_bf16") or torch.cpu.get_capabilities().get("amx_bf16"))
    session = open_session(teacher, "openvino", threads=threads, precision="bf16" if bf16 else "fp32")
    logits: list[np.ndarray] = []
    for view in range(views.count):
        for start in range(0, views.size, BATCH):
            indices = torch.arange(start, min(start + BATCH, views.size), device=views.device)
            logits.append(session.run(views.render(indices, view).contiguous().cpu().numpy()).astype(np.float16))
            yield (view * views.size + start) / (views.count * views.size)
    buffer = BytesIO()
    np.save(buffer, np.concatenate(logits).reshape(views.count, views.size, -1))
    write_atomically(kept_in, buffer.getvalue())
    prune(kept_in.parent, limit_bytes=CACHE_LIMIT_BYTES, keep=kept_in)


def load_teacher_logits(kept_in: Path) -> Tensor:
    """Logits float16 [views, N, classes]."""
    return torch.from_numpy(np.load(kept_in))
