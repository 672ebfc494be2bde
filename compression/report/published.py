"""What others report on a dataset: bundled tables, each with its source. None of it was measured here."""

from functools import cache
from pathlib import Path

from compression.records.published import PublishedResults

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "published"


@cache
def published_results(dataset: str) -> PublishedResults | None:
    """What others report on the dataset of that name; None where nothing is bundled."""
    path = FOLDER / f"{dataset}.json"
    return PublishedResults.model_validate_json(path.read_bytes()) if path.is_file() else None
