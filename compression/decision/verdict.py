"""The verdict: one choice under limits, in words with numbers, and whether the evidence is sure of it.

Takes measurements as they are and knows nothing of how they came about. Not asked here: what the candidates would do on
another machine or on other examples.
"""

from dataclasses import dataclass

from compression.decision.changes import Change, changes
from compression.decision.doubts import doubts_about_fit, near_miss
from compression.decision.equals import alike
from compression.decision.limits import Limits, nearest
from compression.decision.preference import Preference, best, surely_better
from compression.decision.table import Row, Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET, Target
from compression.decision.teacher import teachers_part
from compression.decision.trust import caveat_of
from compression.decision.why_not import CHOOSABLE, close_call, why, why_not
from compression.decision.without_loss import best_without_loss, loses, without_loss_in_words
from compression.decision.wording import (
    ADVICE,
    DOING,
    Certainty,
    against,
    at_start,
    facts,
    listed,
    name_in_sentence,
    shortfall,
)
from compression.errors import StudyFailed
from compression.records.study import Document, Verdict


@dataclass(frozen=True, kw_only=True)
class Decision:
    """``choice`` is None when nothing measured fits. ``reasons`` are whole sentences, the weightiest first.

    ``certainty`` is "rough" for a preview; "close" when another kind of file could be the better one for all that was
    measured; and "probable" when the advice could be wrong in part: about a limit that is only just kept or missed,
    about which file it is, or because the times are less exact than usual. ``caveat`` says the last for the badge.

    ``ranges`` hold the numbers behind the headline with their 95 % intervals.

    ``advice`` is what to do, in a few words; ``changes`` what comes of it, and ``headline`` both in one sentence.
    ``without_loss`` is the best answer that loses no accuracy, the choice itself where this loses none, and None where
    nothing that fits keeps it; ``without_loss_sentences`` say so where it is another one, and why the two differ.
    """

    target: Target
    limits: Limits
    preference: Preference
    choice: Row | None
    certainty: Certainty
    caveat: str | None
    advice: str
    changes: tuple[Change, ...]
    headline: str
    reasons: tuple[str, ...]
    ranges: tuple[str, ...]
    without_loss: Row | None
    without_loss_sentences: tuple[str, ...]

    def record(self) -> Verdict:
        """As it is kept in ``study.json``."""
        return Verdict(
            target=self.target.name,
            choice=None if self.choice is None else self.choice.id,
            sure=self.certainty == "clear",
            caveat=self.caveat,
            headline=self.headline,
            reasons=self.reasons,
        )


def choose(table: Table, limits: Limits, preference: Preference) -> Row | None:
    """The preferred row among those that fit; None when none does. Controls are not up for choice."""
    fitting = [row for row in table.contenders if limits.fits(row)]
    return best(fitting, preference) if fitting else None


def decide(
    table: Table, target: Target, limits: Limits | None = None, preference: Preference | None = None
) -> Decision:
    """The verdict for a target; its own limits and preference, unless others are given."""
    limits = target.limits(table.original) if limits is None else limits
    preference = preference or target.preference
    choice = choose(table, limits, preference)
    if choice is None:
        return _nothing_fits(table, target, limits, preference)
    rivals = _rivals(table, choice, limits, preference)
    level = tuple(
        rival
        for rival in rivals
        if not surely_better(choice, rival, preference)
        # Of two files of one kind that are equal in everything, either will do.
        and not (rival.family == choice.family and alike(choice, rival))
    )
    close = tuple(rival for rival in level if rival.family != choice.family)
    nearly = _nearly_chosen(table, choice, limits, preference)
    caveat = caveat_of(table, choice, (choice, table.original, *rivals))
    unknown = any(family in table.failed and not table.of(family) for family in CHOOSABLE)
    probable = nearly is not None or unknown or caveat is not None or not limits.surely_fits(choice)
    certainty: Certainty = "close" if close else "probable" if probable or level else "clear"
    if table.rough:
        certainty = "rough"
    lossless = best_without_loss(table, limits, preference)
    reasons = [
        *(close_call(choice, rival, preference) for rival in level),
        *doubts_about_fit(choice, limits, table.subject),
        *(near_miss(row, limits) for row in (nearly,) if row is not None),
        *why(table, choice, limits, preference),
        *teachers_part(table, choice),
        *why_not(table, choice, limits, preference, already_told=close),
    ]
    return Decision(
        target=target,
        limits=limits,
        preference=preference,
        choice=choice,
        certainty=certainty,
        caveat=caveat,
        advice=f"{ADVICE[choice.family]}.",
        changes=changes(table, choice),
        headline=_headline(table, choice, certainty, probable=probable),
        reasons=tuple(reasons),
        ranges=_ranges(choice, table.original),
        without_loss=lossless if loses(table, choice) else choice,
        without_loss_sentences=without_loss_in_words(table, choice, lossless),
    )


def default_verdict(document: Document) -> Verdict:
    """The verdict kept in ``study.json``: for the default target. Raises StudyFailed when nothing was measured."""
    conditions = conditions_of(document)
    if not conditions:
        raise StudyFailed(
            f"Study {document.study.id} has no verdict, because its original was not measured; start it again."
        )
    table = table_of(document, DEFAULT_TARGET.condition(conditions))
    return decide(table, DEFAULT_TARGET).record()


def _headline(table: Table, choice: Row, certainty: Certainty, *, probable: bool) -> str:
    advice, doing = ADVICE[choice.family], DOING[choice.family]
    starts: dict[Certainty, str] = {
        "clear": advice,
        # Which file of a kind it is can be open while the advice is not.
        "probable": f"Probably {advice[0].lower()}{advice[1:]}" if probable else advice,
        "close": f"Too close to call, with {doing} just ahead",
        "rough": f"Only a preview, with {doing} ahead",
    }
    gained = [change.words for change in changes(table, choice)]
    return f"{starts[certainty]}: {', '.join(gained) if gained else 'nothing that fits is better'}."


def _numbers(row: Row) -> str:
    return f"{at_start(name_in_sentence(row))}: {facts(row)}."


def _ranges(choice: Row, original: Row) -> tuple[str, ...]:
    if choice.id == original.id:
        return (_numbers(choice),)
    return _numbers(choice), f"Against the original: {against(choice, original)}."


def _rivals(table: Table, choice: Row, limits: Limits, preference: Preference) -> tuple[Row, ...]:
    """The best fitting row of each family that is not the choice itself."""
    rivals: list[Row] = []
    for family in CHOOSABLE:
        fitting = [row for row in table.of(family) if limits.fits(row) and row.id != choice.id]
        if fitting:
            rivals.append(best(fitting, preference))
    return tuple(rivals)


def _nearly_chosen(table: Table, choice: Row, limits: Limits, preference: Preference) -> Row | None:
    """What would be chosen if it fitted, and only just does not; the best of several."""
    near = [row for row in table.contenders if limits.might_fit(row) and not limits.fits(row)]
    preferred = [row for row in near if best((choice, row), preference) is row]
    return best(preferred, preference) if preferred else None


def _nothing_fits(table: Table, target: Target, limits: Limits, preference: Preference) -> Decision:
    closest = nearest(table.contenders, limits)
    reasons = ["All other files miss a limit by more."] if len(table.contenders) > 1 else []
    fitting_controls = [row for row in table.of("control") if limits.fits(row)]
    if fitting_controls:
        control = name_in_sentence(best(fitting_controls, preference))
        reasons.append(f"Only a small model without a teacher would fit: {control}.")
    could = [row for row in table.contenders if limits.might_fit(row)]
    start = "Nothing measured fits these limits"
    if could:
        start = "Too close to call whether anything fits these limits"
        names = listed([name_in_sentence(row) for row in could])
        reasons.insert(0, f"{at_start(names)} could fit: the miss is smaller than the measurements are sure of.")
    return Decision(
        target=target,
        limits=limits,
        preference=preference,
        choice=None,
        certainty="rough" if table.rough else "close" if could else "clear",
        caveat=caveat_of(table, None, (table.original, closest)),
        advice=f"{start}.",
        changes=(),
        headline=f"{start}: {name_in_sentence(closest)} comes nearest, {shortfall(closest, limits)}.",
        ranges=(_numbers(closest),),
        reasons=tuple(reasons),
        without_loss=None,
        without_loss_sentences=(),
    )
