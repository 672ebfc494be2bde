"""Why this answer, and what would change it: three sentences, and the rest behind a click. Decides nothing."""

import streamlit as st

from compression.decision.flips import flips
from compression.decision.pros_cons import COMPARED, ProsCons, pros_and_cons
from compression.decision.table import Table
from compression.decision.teacher import gains_in_words, gains_of
from compression.decision.verdict import Decision
from compression.decision.wording import FAMILY_TITLES
from compression.report.gains_chart import gains_alt, gains_figure
from compression.store.library import LibraryEntry
from pages.ui.front import words
from pages.ui.front.kept import reasons_for_speed
from pages.ui.shared.charts import TEXT_COLOURS, palette_of_theme, show_chart
from pages.ui.shared.lists import show_list

AT_ONCE = 3


def show_why(entry: LibraryEntry, decision: Decision, table: Table) -> None:
    """The weightiest reasons; then all, the gains and costs of each kind, the teacher, and what made files faster."""
    show_list(decision.reasons[:AT_ONCE])
    st.caption(words.TARGET_MEANS.format(decision.target.title, decision.target.why))
    if decision.reasons[AT_ONCE:] or decision.ranges:
        everything = st.expander(words.IN_FULL, key="in-full", on_change="rerun")
        if everything.open:
            with everything:
                show_list((*decision.reasons[AT_ONCE:], *decision.without_loss_sentences[1:], *decision.ranges))
    if any(table.of(family) for family in COMPARED):
        each = st.expander(words.PROS_AND_CONS, key="pros-and-cons", on_change="rerun")
        if each.open:
            with each:
                _show_pros_and_cons(pros_and_cons(table, decision.limits, decision.preference))
    gains = gains_of(table)
    if gains:
        teacher = st.expander(words.GAINS_OF_TEACHER, key="teacher", on_change="rerun")
        if teacher.open:
            with teacher:
                st.markdown(gains_in_words(gains))
                show_chart(gains_figure(gains, palette_of_theme()), gains_alt(gains), "chart-gains")
                st.caption(words.GAINS_CAPTION)
    explained = reasons_for_speed(entry, table)
    if explained:
        fast = st.expander(words.WHY_FAST, key="why-fast", on_change="rerun")
        if fast.open:
            with fast:
                show_list([" ".join(sentences) for sentences in explained.values()])


def show_changes(decision: Decision, table: Table) -> None:
    """For each limit, where another file would be chosen."""
    changes = flips(table, decision.limits, decision.preference)
    if changes:
        show_list([flip.sentence(decision.choice) for flip in changes])
    else:
        st.markdown(words.NOTHING_WOULD_CHANGE_IT)


def _show_pros_and_cons(entries: tuple[ProsCons, ...]) -> None:
    """One card for each family, side by side, with the candidate that its numbers are of. Not for an empty list."""
    for column, entry in zip(st.columns(len(entries), gap="medium"), entries, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**:{TEXT_COLOURS[entry.family]}[{FAMILY_TITLES[entry.family]}]**")
            st.caption(f"{entry.row.name}, {words.FITS if entry.fits else words.FITS_NOT}")
            for title, points in ((words.GAINS, entry.pros), (words.COSTS, entry.cons)):
                if points:
                    st.markdown("\n".join([f"**{title}**", "", *(f"- {point}" for point in points)]))
