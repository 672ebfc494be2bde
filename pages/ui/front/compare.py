"""Two files side by side: their numbers, what each gets right, and the examples on which they part. Decides nothing."""

import streamlit as st

from compression.decision.numbers import in_bytes
from compression.decision.table import Row, Table
from compression.decision.two_answers import right_answers
from compression.decision.two_files import other_to_compare, side_by_side
from compression.decision.verdict import Decision
from compression.records.study import Document
from compression.report.glossary import explain, explain_each
from compression.store.library import LibraryEntry
from compression.studies.tested import Tested
from pages.ui.front import words
from pages.ui.front.flips import Way, show_flips
from pages.ui.front.gallery import tested_or_say_why
from pages.ui.shared.address import Address, one_of, put, write
from pages.ui.shared.frame import errors_in_words

# The choice, and the best of another kind, whichever these are.
USUAL = ""


def compare_with(candidate: str) -> None:
    """For ``on_click``: make a file the second of the two, and open the tab."""
    st.session_state["second"] = candidate
    put("second", candidate)
    st.session_state["tabs"] = words.COMPARE


@st.fragment
@errors_in_words()
def show_compare(entry: LibraryEntry, decision: Decision, table: Table) -> None:
    """Which two, five lines of numbers, and the examples that they answer differently."""
    address = Address()
    rows = {row.id: row for row in table.rows}
    usual_first = decision.choice or table.original
    columns = st.columns(2, gap="medium")
    with columns[0]:
        first = rows.get(_choose(address, "first", words.FIRST, rows, usual_first), usual_first)
    usual_second = other_to_compare(table, first, decision.limits, decision.preference) or table.original
    with columns[1]:
        second = rows.get(_choose(address, "second", words.SECOND, rows, usual_second), usual_second)
    if first.id == second.id:
        st.markdown(words.THE_SAME_TWICE)
        return
    _show_lines(first, second, table)
    found = tested_or_say_why(entry)
    if found is None:
        _show_counted(entry.document, first, second)
        return
    _show_right(found, first, second, table)
    ways = _ways(first, second, table.original)
    title = st.segmented_control(
        words.WAY,
        [way.title for way in ways],
        default=ways[0].title,
        required=True,
        key=f"way-{first.id}-{second.id}",
        label_visibility="collapsed",
    )
    way = next((each for each in ways if each.title == title), ways[0])
    show_flips(found, way, entry.document)


def _choose(address: Address, name: str, label: str, rows: dict[str, Row], usual: Row) -> str:
    start = address.start(name, name, USUAL, one_of({each: each for each in rows}))
    if start not in rows:
        # It was chosen in another study.
        start = st.session_state[name] = USUAL

    def in_words(candidate: str) -> str:
        row = rows.get(candidate, usual)
        told = f"{row.name} ({in_bytes(row.size_bytes)})"
        return f"{words.USUAL[name]}: {told}" if candidate == USUAL else told

    options = [USUAL, *rows]
    chosen: str = st.selectbox(
        label,
        options,
        options.index(start),
        format_func=in_words,
        key=name,
        on_change=write,
        args=(name, name, USUAL, str),
    )
    return chosen


def _ways(first: Row, second: Row, original: Row) -> tuple[Way, ...]:
    """Between the two, and from the original to each."""
    ways = [Way(title=words.FROM_TO.format("A", "B"), before=first, after=second)]
    ways += [
        Way(title=words.FROM_TO.format(words.THE_ORIGINAL, name), before=original, after=row)
        for name, row in (("A", first), ("B", second))
        if original.id not in (first.id, second.id)
    ]
    return tuple(ways)


def _show_lines(first: Row, second: Row, table: Table) -> None:
    lines = side_by_side(first, second, table.subject)
    titles = words.lines(table.condition.batch, table.subject)
    text = st.column_config.TextColumn
    st.dataframe(
        [
            {
                "what": titles[line.what],
                "first": line.first,
                "second": line.second,
                "difference": line.difference or words.NOTHING,
                "sure": line.sure,
            }
            for line in lines
        ],
        hide_index=True,
        height="content",
        column_config={
            "what": text(words.WHAT, width="small", help=words.WHAT_HELP),
            "first": text("A", help=first.name),
            "second": text("B", help=second.name),
            "difference": text(words.DIFFERENCE, help=words.DIFFERENCE_HELP),
            "sure": text(words.SURE_OF_IT, help=explain_each("95% interval", "Paired comparison")),
        },
        alt=" ".join(f"{titles[line.what]}: {line.first}, {line.second}. {line.sure}." for line in lines),
    )


def _show_right(found: Tested, first: Row, second: Row, table: Table) -> None:
    if first.id not in found.answers or second.id not in found.answers:
        return
    counted = right_answers(found.labels, found.answers[first.id], found.answers[second.id])
    total = table.subject.counted(len(found.labels))
    st.markdown(
        words.RIGHT.format(total, counted.both, counted.only_first, counted.only_second, counted.neither),
        help=explain("Paired comparison"),
    )


def _show_counted(document: Document, first: Row, second: Row) -> None:
    """The same of a study without its examples, where it compared the two."""
    seen = next(
        (found for pair in document.pairs if (found := pair.seen_from(first.id)) and found.second == second.id), None
    )
    if seen is None:
        return
    both = round(first.accuracy.value * seen.total) - seen.only_first
    neither = seen.total - both - seen.only_first - seen.only_second
    total = document.subject.counted(seen.total)
    st.markdown(words.RIGHT.format(total, both, seen.only_first, seen.only_second, neither))
