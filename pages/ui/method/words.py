"""What the method page says, for one study: its headings, and sentences with the study's own figures.

Each function returns whole sentences, and says so in one where the study did not measure something. What a term means
is in ``glossary``; the machine, the times and the making of the files have words of their own beside this file.
"""

from compression.decision.numbers import in_percent, in_points, points_range
from compression.decision.table import Spread
from compression.decision.wording import at_start, listed
from compression.records.measurements import ENGINE_TITLES, Pair
from compression.records.study import Document
from compression.records.subject import Subject

TITLE = "How the numbers are made"
LEAD = (
    "What was measured in this study, how, and on which machine. Words with a special meaning are explained at the end."
)
ONLY_GLOSSARY = "There is no finished study whose figures could be shown here; the glossary is below."
SO_FAR = "This study ({}) is not complete: what follows is what is known of it so far."

MACHINE = "What this machine can do"
ACCURACY = "How accuracy was measured"
PAIRED = "File against file"
TIME = "How time was measured"
COSTS = "Size, memory and energy"
CHOICES = "How the files are made, and what is chosen on what"
GLOSSARY = "Glossary"

NO_ACCURACY = "No accuracy has been measured in this study yet."
NOT_ASKED = "\N{EN DASH}"
NO_ENGINES = "How the engines compare was not measured in this study."
NO_PAIRS = "The files were not compared {0} by {0} in this study."

ONE_ENGINE_ONLY = "Right in one engine only"
ONE_ENGINE_ONLY_HELP = "Test {} that the same file answers right in just one of the engines."
CONFIDENCE = "Mean confidence"
TOP5 = "Top-5 accuracy"
CALIBRATION_ERROR = "Calibration error"
ENGINE = "Engine"
INTERVALS = (
    "A mean confidence has the interval of a mean of many {0} (normal approximation). That of a calibration error "
    "comes from drawing the {0} anew 300 times (bootstrap); as chance only adds to this error, the interval reaches "
    "down to 0 wherever perfectly right probabilities would give as much."
)


def accuracy(document: Document) -> tuple[str, ...]:
    """How many examples, which files, which engines, and how sure."""
    measured = next((candidate for candidate in document.candidates if candidate.accuracy), None)
    if measured is None or measured.accuracy is None:
        return (NO_ACCURACY,)
    engines, too = _engines(document)
    nouns = document.subject.nouns
    return (
        f"Every finished file was loaded again{_in_engines(engines)} and had to answer the same "
        f"{measured.accuracy.total:,} test {nouns}, none left out.",
        f"The brackets are Wilson's 95% intervals. They say what other test {nouns} of the same kind could change, and "
        "not what another training with another seed could.",
        INTERVALS.format(nouns),
        *([_first_engine(engines), *too, _between_engines(document)] if engines else [NO_ENGINES]),
    )


def _engines(document: Document) -> tuple[list[str], list[str]]:
    """The engines that every file answered in, and a sentence on those that only some did."""
    asked = [
        [answers.engine for answers in candidate.answers] for candidate in document.candidates if candidate.answers
    ]
    if not asked:
        return [], []
    everywhere = [engine for engine in asked[0] if all(engine in engines for engines in asked)]
    some = dict.fromkeys(engine for engines in asked for engine in engines if engine not in everywhere)
    told = [
        f"{sum(engine in engines for engines in asked)} of {len(asked)} files, those that compute in 8 bits or take "
        f"little time, answered all of them in {ENGINE_TITLES[engine]} as well: engines round to 8 bits in ways of "
        "their own."
        for engine in some
    ]
    return [ENGINE_TITLES[engine] for engine in everywhere], [*told, *_asked_in_part(document)]


def _asked_in_part(document: Document) -> list[str]:
    """Which files were asked fewer examples in the second engine, and how many."""
    parts = {
        candidate.name: pair.total
        for candidate in document.candidates
        for pair in candidate.between_engines
        if candidate.accuracy and pair.total < candidate.accuracy.total
    }
    if not parts:
        return []
    fewest = min(parts.values())
    return [
        f"{at_start(listed(list(parts)))} answered the first {fewest:,} in the other engine too: enough to see whether "
        "the engines agree. All of them would take too long for this preset."
    ]


def _in_engines(engines: list[str]) -> str:
    return f" in {listed(engines)}" if engines else ""


def _first_engine(engines: list[str]) -> str:
    return f"Where only one accuracy is given, on this and all other pages, it is that in {engines[0]}."


def _between_engines(document: Document) -> str:
    """In how many examples the engines differ at most, and in which file."""
    apart = [
        (
            (pair.only_first + pair.only_second) / pair.total,
            pair.only_first + pair.only_second,
            pair.total,
            candidate.name,
        )
        for candidate in document.candidates
        for pair in candidate.between_engines
    ]
    if not apart:
        return NO_ENGINES
    _, most, total, name = max(apart)
    nouns = document.subject.nouns
    if most == 0:
        return f"Both engines got the same of all {nouns} right that they were both asked, with every file."
    return (
        f"The engines round differently, so that a few {nouns} can change sides: at most {most:,} of {total:,}, with "
        f"{name}, were right in just one of two engines."
    )


def paired(document: Document) -> tuple[str, ...]:
    """What a paired comparison is, with one pair of the study."""
    pair = _example(document)
    if pair is None:
        return (NO_PAIRS.format(document.subject.noun),)
    noun, nouns = document.subject.noun, document.subject.nouns
    names = {candidate.id: candidate.name for candidate in document.candidates}
    first, second = names.get(pair.first, pair.first), names.get(pair.second, pair.second)
    differ = pair.only_first + pair.only_second
    told = (
        f"Any two files are compared {noun} by {noun}. Of {pair.total:,} test {nouns}, **{first}** alone got "
        f"{pair.only_first:,} right, and **{second}** alone {pair.only_second:,}; with the other "
        f"{pair.total - differ:,} either both were right or both were wrong, which says nothing about which of them is "
        "better."
    )
    spread = Spread(value=pair.difference, low=pair.low, high=pair.high)
    outside, within = "0 lies outside, so they are told apart", "0 lies in it, so they are not told apart"
    settled = outside if pair.tells_apart else within
    return (
        told,
        f"In accuracy that is {in_points(pair.difference)} for {first} against {second}, with a 95% interval of "
        f"{points_range(spread)}: {settled}. {_by_chance(pair, document.subject)}",
    )


def _by_chance(pair: Pair, subject: Subject) -> str:
    differ = pair.only_first + pair.only_second
    if differ == 0:
        return f"As no {subject.noun} tells them apart, McNemar's exact test has nothing to go by (p = 1)."
    share = "less than 0.1%" if pair.p_value < 0.001 else in_percent(pair.p_value)  # noqa: PLR2004  # would read 0.0%
    return (
        f"If both were equally good, chance would split these {differ:,} {subject.nouns} at least this unevenly in "
        f"{share} of all cases (McNemar's exact test)."
    )


def _example(document: Document) -> Pair | None:
    """The pair that most readers ask about: a quantized original and the original, if they were compared."""
    quantized = {candidate.id for candidate in document.candidates if candidate.family == "quantization"}
    pairs = [_second_last(pair) for pair in document.pairs]
    against = [pair for pair in pairs if pair.second == "original"]
    return next((pair for pair in against if pair.first in quantized), next(iter(against or pairs), None))


def _second_last(pair: Pair) -> Pair:
    """The same comparison with the original in the second place, if it is in it."""
    return pair.turned() if pair.first == "original" else pair
