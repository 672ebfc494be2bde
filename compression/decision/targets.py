"""Where a model will run: what usually limits it there, and what is wanted among the candidates that fit.

The sizes are absolute, since a deployer has an absolute number for them. The latencies are relative to the original's,
since all of them were measured on the study's machine and none on the device; nothing here knows the device.
"""

from dataclasses import dataclass
from math import floor

from compression.decision.limits import Limits
from compression.decision.preference import Preference
from compression.decision.table import Row
from compression.errors import UnknownName
from compression.records.measurements import Condition

TIME_CAVEAT = (
    "Times are from the study's computer. Compare them with each other; measure on the device before you ship."
)

MEGABYTE = 1_000_000
KILOBYTE = 1_000


@dataclass(frozen=True, kw_only=True)
class Target:
    """``accuracy_drop`` is in shares (0.02 is two points) below the original's accuracy; ``latency_share`` is of the
    original's latency; None sets no limit. ``batch`` is how many examples such a system usually answers at once.
    """

    name: str
    title: str
    why: str
    preference: Preference
    batch: int = 1
    max_size_bytes: int | None = None
    latency_share: float | None = None
    accuracy_drop: float | None = None

    def limits(self, original: Row) -> Limits:
        """The limits for this original, rounded to what a person would write: 0.001 ms and a tenth of a point."""
        return Limits(
            max_size_bytes=self.max_size_bytes,
            max_latency_ms=None
            if self.latency_share is None
            else round(original.latency_ms.value * self.latency_share, 3),
            min_accuracy=None
            if self.accuracy_drop is None
            else floor(round((original.accuracy.value - self.accuracy_drop) * 1000, 6)) / 1000,
        )

    def condition(self, conditions: tuple[Condition, ...]) -> Condition:
        """The condition to judge by: the usual batch if it was measured, else the first. Must not be empty."""
        return next((condition for condition in conditions if condition.batch == self.batch), conditions[0])


TARGETS: tuple[Target, ...] = (
    Target(
        name="phone",
        title="Phone app",
        why="At most 15 MB, 10% slower and 2 points less accurate. Of those, the best balance of small and fast.",
        preference=Preference.BALANCE,
        max_size_bytes=15 * MEGABYTE,
        latency_share=1.1,
        accuracy_drop=0.02,
    ),
    Target(
        name="iot",
        title="IoT device",
        why="At most 256 KB and 10 points less accurate. Of those, the most accurate; of equals, the smallest.",
        preference=Preference.ACCURATE,
        max_size_bytes=256 * KILOBYTE,
        accuracy_drop=0.10,
    ),
    Target(
        name="real-time",
        title="Real-time system",
        why="At most half the original's time and 4 points less accurate. Of those, the fastest.",
        preference=Preference.FASTEST,
        latency_share=0.5,
        accuracy_drop=0.04,
    ),
    Target(
        name="server",
        title="Server",
        why="At most 1 point less accurate. Of those, the most answers per second, 32 at a time.",
        preference=Preference.THROUGHPUT,
        batch=32,
        accuracy_drop=0.01,
    ),
    Target(
        name="custom",
        title="Custom",
        why="Your own limits. Of what fits, what you prefer.",
        preference=Preference.ACCURATE,
    ),
)

DEFAULT_TARGET = TARGETS[0]


def target_named(name: str) -> Target:
    """The target of that name. Raises UnknownName."""
    for target in TARGETS:
        if target.name == name:
            return target
    raise UnknownName("target", name, [target.name for target in TARGETS])
