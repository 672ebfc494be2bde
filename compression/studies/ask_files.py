"""Asking the files of a study about an example of one's own, in a process apart. Keeps nothing. Torch-free."""

import subprocess
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from compression.errors import UnknownName, UsageError
from compression.methods.modality import Recorder
from compression.modalities.choose import CATALOG, Catalog
from compression.records.own_example import OwnAnswers
from compression.studies.launchers.local import Starter, creation_time, start, stop_tree

PATIENCE_SECONDS = 60.0
# One at a time: two would share the cores, and show each other's times.
TURN = threading.Lock()


def recorder_for(dataset: str, catalog: Catalog = CATALOG) -> Recorder | None:
    """What a browser has to make an example like those of a dataset; None, too, for one that is not here."""
    try:
        card = catalog.dataset_card(dataset)
    except UnknownName:
        return None
    return catalog.modality_of(card).recorder()


def ask_files(
    study: str,
    content: bytes,
    home: Path,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
    start_process: Starter = start,
) -> OwnAnswers:
    """What all files of a study answer to an example. ``content`` is that of a file that somebody sent; it lies in a
    folder of its own until it is answered.

    Raises UsageError with one sentence: for an example that cannot be read, and for one that takes too long.
    """
    with TURN, TemporaryDirectory(prefix="weigh-in-") as folder:
        example, answers, log = (Path(folder) / name for name in ("example", "answers.json", "log"))
        example.write_bytes(content)
        process = start_process(["answer", study, str(example), "--json", str(answers)], home=home, log=log, threads=1)
        started = creation_time(process.pid)
        try:
            code = process.wait(patience_seconds)
        except subprocess.TimeoutExpired as late:
            stop_tree(process.pid, started)
            process.wait()
            raise UsageError(
                f"The files had not answered after {patience_seconds:.0f} seconds, so they were stopped; try again "
                "when this computer does less."
            ) from late
        if code == UsageError.exit_code:
            raise UsageError(log.read_text().strip().splitlines()[-1])
        if code != 0:
            raise RuntimeError(f"answering an example failed with {code}: {log.read_text()[-3000:]}")
        return OwnAnswers.model_validate_json(answers.read_bytes())
