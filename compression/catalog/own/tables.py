"""A table of paths and labels: CSV, JSON lines or Parquet, as Hugging Face's folders have it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from compression.catalog.own.listing import PARTS, Found, LeftOut, Listing, Part
from compression.errors import UsageError

TABLES = (".csv", ".tsv", ".jsonl", ".parquet")
# What a column is called whose name says what it holds.
PATHS = ("file_name", "filename", "filepath", "file", "path")
LABELS = ("label", "labels", "class", "class_name", "category", "target")
SPLITS = ("split", "set", "subset", "partition")


def read_table(table: Path, part: Part | None, listing: Listing) -> None:
    """Add the rows of a table to a listing; its paths start from its own folder. Raises UsageError for a table that
    cannot be read, or that has no column of paths or none of labels."""
    rows = _rows(table)
    columns = {str(name).strip().lower(): str(name) for name in (rows[0] if rows else {})}
    path, label, split = (_column(columns, names) for names in (PATHS, LABELS, SPLITS))
    folder = table.parent.resolve()
    if path is None:
        # Whatever it is called, a column of paths names files that are there.
        path = next((name for name in columns.values() if (folder / rows[0][name]).is_file()), None)
    if path is None or label is None:
        raise UsageError(
            f"The table {table.name} has the columns {', '.join(columns.values()) or 'none'}; call one 'file_name' and "
            "one 'label'."
        )
    for row in rows:
        name, file = row[path], (folder / row[path]).resolve()
        because = _why_not(file, folder, row[label])
        if because is not None:
            listing.left_out.append(LeftOut(name=name, because=because))
            continue
        own = part if split is None else PARTS.get(row[split].lower())
        listing.found.append(Found(path=file, name=name, label=row[label], part=own))


def _why_not(file: Path, folder: Path, label: str) -> str | None:
    if not label:
        return "it has no label"
    # Whoever sends a table names files of this computer with it.
    if not file.is_relative_to(folder):
        return "it lies outside the folder of its table"
    return None if file.is_file() else "it is not there"


def _column(columns: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _rows(table: Path) -> list[dict[str, str]]:
    """Every cell as text; empty where there is nothing."""
    import pandas as pd

    try:
        match table.suffix.lower():
            case ".csv":
                read = pd.read_csv(table, dtype=str, keep_default_na=False)
            case ".tsv":
                read = pd.read_csv(table, dtype=str, keep_default_na=False, sep="\t")
            case ".jsonl":
                read = pd.read_json(table, lines=True, dtype=False)
            case _:
                read = pd.read_parquet(table)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The table {table.name} cannot be read: it is not {table.suffix[1:].upper()}.") from error
    texts = read.astype(object).where(read.notna(), "").astype(str)
    return [{str(name): text.strip() for name, text in row.items()} for row in texts.to_dict("records")]
