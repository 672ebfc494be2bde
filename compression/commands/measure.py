"""``measure``: everything that is measured of a file, in tables, and as JSON for scripts."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from compression.catalog.sufficient import check_dataset
from compression.commands.console import StageLines, console
from compression.commands.handed_over import better_prepared
from compression.commands.measured_tables import facts_table, remarks, times_table
from compression.commands.options import score_kind
from compression.errors import FolderNotUsable, UnknownName
from compression.measurement.checks import check_measurable
from compression.measurement.engines.session import PRECISIONS
from compression.measurement.machine.processor import usable_cores
from compression.measurement.measure_files import measure_files
from compression.modalities.choose import CATALOG, Catalog
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
    scores: str | None = None,
    catalog: Catalog = CATALOG,
) -> None:
    """Measure one file, or two side by side, and print it. Raises UsageError for what cannot be measured."""
    if json_file is not None and not json_file.parent.is_dir():
        raise FolderNotUsable(f"There is no folder {json_file.parent} to write {json_file.name} to; make it first.")
    if precision not in PRECISIONS:
        raise UnknownName("precision", precision, PRECISIONS)
    kind = score_kind(scores)
    card = catalog.dataset_card(dataset)
    asked = [_engine(name) for name in dict.fromkeys(engines)] or list(get_args(EngineName))
    numbers, each_batch = tuple(dict.fromkeys(threads)) or (usable_cores(),), tuple(dict.fromkeys(batches))
    check_measurable(paths, card, engines=asked, batches=each_batch, threads=numbers, precision=precision)
    data = catalog.modality_of(card).load(card)
    check_dataset(data, batch=max(each_batch), training=False)
    measured = measure_files(
        paths,
        data,
        engines=asked,
        batches=each_batch,
        threads=numbers,
        precision=precision,
        seconds=seconds,
        seed=seed,
        scores=kind,
        tell=StageLines(),
    )
    hints = [
        hint
        for path in dict.fromkeys(paths)
        for hint in better_prepared(path, data, catalog.modality_of(card), engine=asked[0], threads=max(numbers))
    ]
    output = console()
    output.print(facts_table(measured))
    output.print(times_table(measured))
    for sentence in (*remarks(measured), *hints):
        output.print(sentence, soft_wrap=True)
    if json_file is not None:
        write_atomically(json_file, measured.model_dump_json(indent=1).encode())


def _engine(name: str) -> EngineName:
    for known in get_args(EngineName):
        if name == known:
            return known  # type: ignore[no-any-return]  # get_args is not typed
    raise UnknownName("engine", name, get_args(EngineName))
