"""``measure``: everything that is measured of a file, in tables, and as JSON for scripts."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from compression.catalog.rows import dataset_card
from compression.commands.console import StageLines, console
from compression.commands.measured_tables import facts_table, remarks, times_table
from compression.errors import FolderNotUsable, UnknownName
from compression.measurement.engines.session import PRECISIONS
from compression.measurement.machine.processor import usable_cores
from compression.measurement.measure_files import measure_files
from compression.records.measurements import EngineName
from compression.store.files import write_atomically


def measure_and_print(
    paths: Sequence[Path],
    dataset: str,
    *,
    engines: Sequence[str],
    batches: Sequence[int],
    threads: Sequence[int],
    precision: str,
    seconds: float,
    seed: int,
    json_file: Path | None,
) -> None:
    """Measure one file, or two side by side, and print it. Raises UsageError for what cannot be measured."""
    if json_file is not None and not json_file.parent.is_dir():
        raise FolderNotUsable(f"There is no folder {json_file.parent} to write {json_file.name} to; make it first.")
    if precision not in PRECISIONS:
        raise UnknownName("precision", precision, PRECISIONS)
    measured = measure_files(
        paths,
        dataset_card(dataset),
        engines=[_engine(name) for name in dict.fromkeys(engines)] or get_args(EngineName),
        batches=tuple(dict.fromkeys(batches)),
        threads=tuple(dict.fromkeys(threads)) or (usable_cores(),),
        precision=precision,
        seconds=seconds,
        seed=seed,
        tell=StageLines(),
    )
    output = console()
    output.print(facts_table(measured))
    output.print(times_table(measured))
    for sentence in remarks(measured):
        output.print(sentence, soft_wrap=True)
    if json_file is not None:
        write_atomically(json_file, measured.model_dump_json(indent=1).encode())


def _engine(name: str) -> EngineName:
    for known in get_args(EngineName):
        if name == known:
            return known  # type: ignore[no-any-return]  # get_args is not typed
    raise UnknownName("engine", name, get_args(EngineName))
