"""Numbers as people read them: with a unit, and with their uncertainty where there is one. Knows no study.

Sizes are decimal, as in shops and app stores: 1 MB is 1000 KB is 1,000,000 bytes.
"""

from compression.decision.table import Spread
from compression.records.measurements import Accuracy

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
# Between the ends of a range: a dash would be read as a minus.
TO = " to "
# Keeps a number and its unit on one line.
JOIN = "\N{NO-BREAK SPACE}"

KILO = 1000
SECONDS_PER_MINUTE = 60
# How far an interval may reach from a ratio that is given as one number.
ONE_NUMBER = 0.1


def in_bytes(size_bytes: float) -> str:
    """A size: '11.3 MB', '171 KB', '812 bytes'; a round one, as limits are, without decimals: '15 MB'."""
    for unit, scale in (("GB", KILO**3), ("MB", KILO**2), ("KB", KILO)):
        if size_bytes >= scale:
            value = size_bytes / scale
            return f"{value:,.{0 if value >= 100 or value == round(value) else 1}f}{JOIN}{unit}"  # noqa: PLR2004
    return f"{size_bytes:.0f}{JOIN}bytes"


def in_ms(milliseconds: float) -> str:
    """A time for one batch, to three figures: '0.503 ms', '12.4 ms'."""
    return f"{_figures(milliseconds)}{JOIN}ms"


def ms_range(latency_ms: Spread) -> str:
    """The interval of a latency: '0.498 to 0.511 ms'."""
    decimals = _decimals(latency_ms.value)
    return f"{latency_ms.low:.{decimals}f}{TO}{latency_ms.high:.{decimals}f}{JOIN}ms"


def in_bytes_with_range(size_bytes: float, smallest: float, largest: float) -> str:
    """A size that was read several times: '8.2 MB (8.1 to 8.4)'; the unit once if it is the same."""
    value, low, high = in_bytes(size_bytes), in_bytes(smallest), in_bytes(largest)
    unit = value.partition(JOIN)[2]
    if all(end.endswith(f"{JOIN}{unit}") for end in (low, high)):
        low, high = low.removesuffix(f"{JOIN}{unit}"), high.removesuffix(f"{JOIN}{unit}")
    return f"{value} ({low}{TO}{high})"


def in_ms_with_range(latency_ms: Spread) -> str:
    """A latency with its interval: '0.503 ms (0.498 to 0.511)'."""
    return f"{in_ms(latency_ms.value)} ({ms_range(latency_ms).removesuffix(f'{JOIN}ms')})"


def in_percent(share: float) -> str:
    """A share 0..1 as '94.8%'."""
    return f"{100 * share:.1f}%"


def in_whole_percent(share: float) -> str:
    """A share of any size without decimals: '109%'."""
    return f"{100 * share:.0f}%"


def percent_range(accuracy: Spread) -> str:
    """The interval of a share: '94.3 to 95.2%'."""
    return f"{100 * accuracy.low:.1f}{TO}{100 * accuracy.high:.1f}%"


def in_percent_with_range(accuracy: Spread) -> str:
    """A share with its interval: '94.8% (94.3 to 95.2)'."""
    return f"{in_percent(accuracy.value)} ({percent_range(accuracy).removesuffix('%')})"


def accuracy_in_percent(accuracy: Accuracy) -> str:
    """The same of an accuracy as it was measured, with its Wilson interval."""
    return in_percent_with_range(Spread(value=accuracy.value, low=accuracy.low, high=accuracy.high))


def in_millijoules(joules: float) -> str:
    """An energy, to three figures: '12.3 mJ'."""
    return f"{_figures(1000 * joules)}{JOIN}mJ"


def in_millijoules_with_range(joules: float, least: float, most: float) -> str:
    """An energy that was read several times: '12.3 mJ (12.1 to 12.9)'."""
    decimals = _decimals(1000 * joules)
    return f"{in_millijoules(joules)} ({1000 * least:.{decimals}f}{TO}{1000 * most:.{decimals}f})"


def in_points(share: float) -> str:
    """A difference of shares in percentage points, with its sign: '+0.5 points'."""
    points = round(100 * share, 1)
    return f"{_signed(points)}{JOIN}{'point' if abs(points) == 1 else 'points'}"


def points_between(change: float) -> str:
    """How far apart two shares are, without a sign: '2.0 points'."""
    return in_points(abs(change)).removeprefix("+")


def points_range(change: Spread) -> str:
    """The interval of a difference of shares: '-0.7 to +0.5', in points."""
    return f"{_signed(round(100 * change.low, 1))} to {_signed(round(100 * change.high, 1))}"


def points_changed(change: Spread) -> str:
    """A difference of shares in points with its interval: '-0.1 points (-0.3 to +0.1)'; with a second decimal
    where the first would round an end of the interval to 0, so that nobody has to guess on which side it lies."""
    decimals = 2 if any(round(100 * end, 1) == 0 for end in (change.low, change.high)) else 1
    value, low, high = (
        _signed(round(100 * each, decimals), decimals) for each in (change.value, change.low, change.high)
    )
    unit = "point" if abs(round(100 * change.value, decimals)) == 1 else "points"
    return f"{value}{JOIN}{unit} ({low}{TO}{high})"


def points_lost(loss: Spread, where: str = "") -> str:
    """A loss of accuracy that is surely one, in points: '0.5 points (0.3 to 0.7)', '0.5 points in fc (0.3 to 0.7)';
    with a second decimal where the first would round an end of the interval to 0."""
    least, lost, most = (100 * each for each in (loss.low, loss.value, loss.high))
    decimals = 1 if least >= 0.05 else 2  # noqa: PLR2004  # what rounds to 0.1
    unit = "point" if round(lost, decimals) == 1 else "points"
    return f"{lost:.{decimals}f}{JOIN}{unit}{where} ({least:.{decimals}f} to {most:.{decimals}f})"


def per_second_with_range(throughput: Spread) -> str:
    """A throughput with its interval: '1,234 (1,200 to 1,300)'."""
    return f"{throughput.value:,.0f} ({throughput.low:,.0f}{TO}{throughput.high:,.0f})"


def in_times(factor: float) -> str:
    """A factor with the multiplication sign: '4.0x', '180x'."""
    return f"{_short(factor)}{TIMES}"


def in_seconds(seconds: float) -> str:
    """How long something took: '0.4 s', '42 s', '3 min 5 s'."""
    if seconds < 10:  # noqa: PLR2004  # below ten seconds a tenth still matters
        return f"{seconds:.1f}{JOIN}s"
    if round(seconds) < SECONDS_PER_MINUTE:
        return f"{seconds:.0f}{JOIN}s"
    minutes, rest = divmod(round(seconds), SECONDS_PER_MINUTE)
    return f"{minutes}{JOIN}min" + (f" {rest}{JOIN}s" if rest else "")


def size_against(row_bytes: float, other_bytes: float) -> str:
    """One size against another: '4.0x smaller', 'as large', '1.3x larger'."""
    return _against(other_bytes / row_bytes, "smaller", "larger", "as large")


def speed_against(times_faster: float) -> str:
    """A speed ratio: '2.3x faster', 'as fast', '1.4x slower'."""
    return _against(times_faster, "faster", "slower", "as fast")


def speed_against_with_range(times_faster: Spread) -> str:
    """A speed ratio, told apart from 1, with its interval: '2.3x faster (2.2 to 2.4)', '1.4x slower (1.3 to 1.5)'."""
    low, high = sorted(max(end, 1 / end) for end in (times_faster.low, times_faster.high))
    return f"{speed_against(times_faster.value)} ({TO.join(_ratio_range(low, high))})"


def speed_roughly(times_faster: Spread) -> str:
    """A speed ratio, told apart from 1, for a sentence without brackets: '2.3x faster' where the interval stays within
    a tenth of it, and else the interval: '2.1 to 2.9x faster'."""
    low, value, high = sorted(max(each, 1 / each) for each in (times_faster.low, times_faster.value, times_faster.high))
    if low >= (1 - ONE_NUMBER) * value and high <= (1 + ONE_NUMBER) * value:
        return speed_against(times_faster.value)
    return f"{TO.join(_ratio_range(low, high))}{TIMES} {'faster' if times_faster.value > 1 else 'slower'}"


def _against(factor: float, better: str, worse: str, same: str) -> str:
    larger = max(factor, 1 / factor)
    if round(larger, 2) <= 1.0:
        return same
    return f"{larger:.{_ratio_decimals(larger)}f}{TIMES} {better if factor > 1 else worse}"


def _ratio_range(low: float, high: float) -> tuple[str, str]:
    """Two factors of 1 or more with the same number of decimals, enough to tell the ends of an interval apart."""
    decimals = max(_ratio_decimals(high), 2 if low < 1.1 else 0)  # noqa: PLR2004  # as below
    if f"{low:.{decimals}f}" == f"{high:.{decimals}f}":
        decimals += 1
    return f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"


def _ratio_decimals(factor: float) -> int:
    """Decimals for a factor of 1 or more: 1.04 must not read 1.0, and nobody reads those of 180."""
    return 2 if factor < 1.1 else 1 if round(factor, 1) < 20 else 0  # noqa: PLR2004


def _signed(points: float, decimals: int = 1) -> str:
    sign = "" if points == 0 else "+" if points > 0 else MINUS
    return f"{sign}{abs(points):.{decimals}f}"


def _short(value: float) -> str:
    """One decimal below 20, none above: more would be read by nobody."""
    return f"{value:.1f}" if round(value, 1) < 20 else f"{value:,.0f}"  # noqa: PLR2004


def _decimals(value: float) -> int:
    """Decimals that leave three figures of a value."""
    if value >= 100:  # noqa: PLR2004
        return 0
    return 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4  # noqa: PLR2004


def _figures(value: float) -> str:
    return f"{value:.{_decimals(value)}f}"
