"""Limits: what a candidate must keep to, by how much it misses them, and how sure that is.

Knows nothing of what is preferred among the candidates that fit.
"""

from dataclasses import dataclass

from compression.decision.table import Row

# An accuracy limit of 100 % allows no error at all; errors are then compared with one in ten thousand.
SMALLEST_ERROR = 1e-4


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Each is optional; a value equal to the limit keeps to it. ``min_accuracy`` is a share 0..1."""

    max_size_bytes: int | None = None
    max_latency_ms: float | None = None
    min_accuracy: float | None = None

    def fits(self, row: Row) -> bool:
        """Whether the measured values keep to every limit."""
        return not self.misses(row)

    def misses(self, row: Row) -> dict[str, float]:
        """What a row misses, as factors above 1: 'size', 'latency', and 'accuracy' as error over allowed error."""
        factors: dict[str, float] = {}
        if self.max_size_bytes is not None and row.size_bytes > self.max_size_bytes:
            factors["size"] = row.size_bytes / self.max_size_bytes
        if self.max_latency_ms is not None and row.latency_ms.value > self.max_latency_ms:
            factors["latency"] = row.latency_ms.value / self.max_latency_ms
        if self.min_accuracy is not None and row.accuracy.value < self.min_accuracy:
            factors["accuracy"] = (1.0 - row.accuracy.value) / max(1.0 - self.min_accuracy, SMALLEST_ERROR)
        return factors

    def surely_fits(self, row: Row) -> bool:
        """Whether the less favourable ends of the row's intervals keep to every limit, too."""
        return (
            self.fits(row)
            and (self.max_latency_ms is None or row.latency_range_ms.high <= self.max_latency_ms)
            and (self.min_accuracy is None or row.accuracy.low >= self.min_accuracy)
        )

    def might_fit(self, row: Row) -> bool:
        """Whether the more favourable ends of the row's intervals keep to every limit. A size has no interval."""
        return (
            (self.max_size_bytes is None or row.size_bytes <= self.max_size_bytes)
            and (self.max_latency_ms is None or row.latency_range_ms.low <= self.max_latency_ms)
            and (self.min_accuracy is None or row.accuracy.high >= self.min_accuracy)
        )


def nearest(rows: tuple[Row, ...], limits: Limits) -> Row:
    """The row whose worst miss is the smallest factor. ``rows`` must not be empty."""
    return min(rows, key=lambda row: max(limits.misses(row).values(), default=1.0))
