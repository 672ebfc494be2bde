"""The report: one HTML file that needs nothing else, for people who were not there. Light, dark and on paper.

Words and layout are in ``report.html.j2``, beside this file. Measures and decides nothing.
"""

import json
from collections.abc import Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from compression.decision.caveats import caveats, set_aside_sentences
from compression.decision.flips import flips
from compression.decision.numbers import (
    in_bytes,
    in_ms,
    in_ms_with_range,
    in_percent,
    in_percent_with_range,
    in_seconds,
    per_second_with_range,
)
from compression.decision.pros_cons import pros_and_cons
from compression.decision.table import Table, conditions_of, table_of
from compression.decision.targets import DEFAULT_TARGET, TIME_CAVEAT
from compression.decision.teacher import StudentsGain, gains_in_words, gains_of
from compression.decision.verdict import Decision, decide
from compression.decision.why_fast import why_fast
from compression.decision.wording import CERTAINTY, FAMILY_TITLES, at_start, in_need_of
from compression.records.measurements import ENGINE_TITLES
from compression.records.study import Document
from compression.report.axes import CostName
from compression.report.chart_names import is_crowded
from compression.report.charts import tradeoff_alt, tradeoff_figure
from compression.report.colours import DARK, GLYPHS, LIGHT
from compression.report.details import details_of
from compression.report.gains_chart import gains_alt, gains_figure
from compression.report.glossary import explain, explain_measured, terms_in
from compression.report.inside_sections import Section, inside_sections
from compression.report.provenance import machine_line, origin_of, own_choices, remake_command

# What the headings of the first table, and the words on what counts as a difference, stand for.
HEADINGS = ("File size", "Latency", "Throughput", "Precision", "Time to make", "Noise", "Paired comparison")
COSTS: tuple[CostName, ...] = ("size", "latency")


def default_report_html(document: Document) -> str | None:
    """The report under the default target, as the command line writes it. None when nothing was measured yet."""
    conditions = conditions_of(document)
    if not conditions:
        return None
    table = table_of(document, DEFAULT_TARGET.condition(conditions))
    return report_html(document, decide(table, DEFAULT_TARGET), table, recorded=False)


def report_html(document: Document, decision: Decision, table: Table, *, recorded: bool) -> str:
    """The whole report as one HTML document, under the limits of the decision."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "bytes": in_bytes,
        "ms": in_ms,
        "ms_range": in_ms_with_range,
        "percent": in_percent,
        "percent_range": in_percent_with_range,
        "per_second": per_second_with_range,
        "seconds": in_seconds,
        "need": in_need_of,
    }
    limits, preference, gains = decision.limits, decision.preference, gains_of(table)
    details, inside = details_of(document, table), inside_sections(document, table)
    render = partial(
        environment.get_template("report.html.j2").render,
        title=document.subject.title,
        origin=origin_of(document, recorded=recorded),
        document=document,
        decision=decision,
        table=table,
        engine=ENGINE_TITLES[table.condition.engine],
        changes=[flip.sentence(decision.choice) for flip in flips(table, limits, preference)],
        pros_and_cons=pros_and_cons(table, limits, preference),
        caveats=caveats(document, table),
        certainty=CERTAINTY[decision.certainty],
        why_fast=[" ".join(sentences) for sentences in why_fast(document, table).values()],
        family_titles=FAMILY_TITLES,
        caveat=TIME_CAVEAT,
        chosen=own_choices(document),
        machine=None if document.machine is None else machine_line(document.machine),
        command=remake_command(document.study),
        glyphs=GLYPHS,
        light=LIGHT,
        dark=DARK,
        costs=COSTS,
        crowded=is_crowded(table),
        alts={cost: tradeoff_alt(decision, table, cost) for cost in COSTS},
        gains=gains_in_words(gains) if gains else None,
        gains_alt=gains_alt(gains) if gains else None,
        inside=inside,
        set_aside=set_aside_sentences(document),
        details=details,
        others=_other_cores(document, table),
        at_start=at_start,
        explain=explain,
        explain_measured=explain_measured,
    )
    # The glossary has the words that stand in the report itself, and what its headings are short for.
    text = Markup(render(words=(), figures="", plotly="")).striptags()
    headings = (*HEADINGS, *(column.term for column in details), *chain(*(each.terms for each in inside)))
    return render(
        words=terms_in(text, *headings, subject=document.subject),
        figures=_for_script(_figures(decision, table, gains, inside)),
        plotly=Markup(get_plotlyjs()),  # plotly's own file, which no person's words get into
    )


def _other_cores(document: Document, table: Table) -> float | None:
    """How many cores others took while files were timed under the table's condition, if that is known."""
    loads = document.timing.loads if document.timing else ()
    return next((load.other_cores for load in loads if load.condition == table.condition), None)


def _figures(
    decision: Decision, table: Table, gains: Sequence[StudentsGain], inside: Sequence[Section]
) -> dict[str, dict[str, Any]]:
    """Every chart in both themes, as plotly's JSON."""
    found: dict[str, dict[str, Any]] = {}
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        figures = {str(cost): tradeoff_figure(decision, table, cost, palette) for cost in COSTS}
        if gains:
            figures["gains"] = gains_figure(gains, palette)
        figures |= {section.name: section.draw(palette) for section in inside}
        found[theme] = {name: json.loads(figure.to_json()) for name, figure in figures.items()}
    return found


def _for_script(data: object) -> Markup:
    """JSON that can stand inside a script element: no word in it can end that element."""
    text = json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # escaped for a script element in the line above
