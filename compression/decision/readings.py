"""Measured values of a file beside their ranges, in words; the value alone where a study has no range for it.

Knows records; measures and decides nothing.
"""

from compression.decision.numbers import (
    in_bytes,
    in_bytes_with_range,
    in_millijoules,
    in_millijoules_with_range,
    in_ms,
    in_ms_with_range,
    in_percent,
    in_percent_with_range,
)
from compression.decision.table import Spread
from compression.records.measurements import EnergyReadings, Interval, Latency, MemoryReadings
from compression.records.study import Candidate


def slow_answers(latency: Latency) -> str:
    """The 95th percentile: '0.174 ms (0.153 to 0.190)'; without a range where the runs were too few for one."""
    ends = latency.p95_interval_ms
    if ends is None:
        return in_ms(latency.p95_ms)
    return in_ms_with_range(Spread(value=latency.p95_ms, low=ends.low, high=ends.high))


def share(value: float, interval: Interval | None) -> str:
    """A share such as a mean confidence: '95.5% (95.3 to 95.7)'."""
    if interval is None:
        return in_percent(value)
    return in_percent_with_range(Spread(value=value, low=interval.low, high=interval.high))


def memory(candidate: Candidate) -> str | None:
    """What a file adds to a process; None before it was weighed."""
    if candidate.memory_readings is not None:
        return memory_added(candidate.memory_readings)
    return None if candidate.peak_memory_bytes is None else in_bytes(candidate.peak_memory_bytes)


def memory_added(read: MemoryReadings) -> str:
    """The middle, and the least and the most that two of the readings give: '31.8 MB (31.7 to 31.9)'."""
    return in_bytes_with_range(read.added_bytes, read.smallest_added_bytes, read.largest_added_bytes)


def memory_alone(read: MemoryReadings) -> str:
    """The same of the bare engine: the middle, the smallest and the largest reading."""
    return in_bytes_with_range(read.alone_bytes, min(read.engine_alone_bytes), max(read.engine_alone_bytes))


def energy(candidate: Candidate) -> str | None:
    """What the processor takes for one example; None where that was not measurable."""
    if candidate.energy_readings is not None:
        return energy_read(candidate.energy_readings)
    return None if candidate.energy_joules is None else in_millijoules(candidate.energy_joules)


def energy_read(read: EnergyReadings) -> str:
    """The middle, the smallest and the largest reading: '12.3 mJ (12.1 to 12.9)'."""
    return in_millijoules_with_range(read.median_joules, min(read.joules), max(read.joules))
