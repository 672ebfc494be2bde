"""What others report on a dataset. None of it was measured here."""

from compression.records.base import Record, Share


class PublishedResult(Record):
    """A test accuracy (0..1) that somebody else reports, as they state it: without an interval."""

    classifier: str
    parameters: int | None
    accuracy: Share
    augmentation: str
    by: str


class PublishedResults(Record):
    """What others report on a dataset: from which table, at which commit of it."""

    dataset: str
    source: str
    address: str
    commit: str
    results: tuple[PublishedResult, ...]
