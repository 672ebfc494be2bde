"""What others report on a dataset: read from a bundled table, with its source. None of it was measured here."""

from functools import cache

from compression.catalog.bundled import ASSETS
from compression.catalog.cards import PublishedResults


@cache
def published_results(dataset: str) -> PublishedResults | None:
    """What others report on the dataset of that name; None where nothing is bundled."""
    path = ASSETS / "published" / f"{dataset}.json"
    return PublishedResults.model_validate_json(path.read_bytes()) if path.is_file() else None
