"""``answer``: what every file of a study answers to an example of one's own."""

from pathlib import Path

from rich.table import Table

from compression.commands.console import console
from compression.errors import FolderNotUsable, UsageError
from compression.modalities.choose import CATALOG, Catalog
from compression.store.files import write_atomically
from compression.store.library import Library
from compression.store.studies import Store
from compression.studies.own_example import answer_own_example


def answer_and_print(study: str, file: Path, json_file: Path | None, catalog: Catalog = CATALOG) -> None:
    """Print answers, confidence and times. Raises UsageError for what cannot be answered."""
    if json_file is not None and not json_file.parent.is_dir():
        raise FolderNotUsable(f"There is no folder {json_file.parent} to write {json_file.name} to; make it first.")
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    entry = Library(Store()).get(study)
    found = answer_own_example(entry, file, catalog)
    names = {candidate.id: candidate.name for candidate in entry.document.candidates}
    table = Table("file", "answer", "confidence", "time")
    for each in found.answers:
        table.add_row(
            names[each.candidate], each.answer, f"{100 * each.confidence:.0f}%", f"{each.milliseconds:.3g} ms"
        )
    console().print(table)
    if found.missing:
        console().print(f"Not here: {', '.join(found.missing)}.", soft_wrap=True)
    if json_file is not None:
        write_atomically(json_file, found.model_dump_json().encode())
