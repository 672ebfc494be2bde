"""A study's table as Markdown, for a README or an issue. Rows come from the study; nothing is typed by hand."""

from compression.decision.numbers import in_bytes, in_ms_with_range, in_percent_with_range, in_seconds
from compression.decision.table import Row, conditions_of, table_of
from compression.errors import UsageError
from compression.records.measurements import ENGINE_TITLES, Condition, EngineName
from compression.records.study import Document
from compression.report.provenance import machine_line, origin_of

ENGINE: EngineName = "onnxruntime"
FAMILY_TITLES = {"both": "both", "control": "control (no teacher)"}


def markdown_table(document: Document) -> str:
    """Every measured candidate in the study's order, with its latency in ONNX Runtime on most threads, for the smallest
    and the largest batch.

    Raises UsageError when the study has no measurements.
    """
    measured = [condition for condition in conditions_of(document) if condition.engine == ENGINE]
    threads = max((condition.threads for condition in measured), default=0)
    by_batch = sorted(condition for condition in measured if condition.threads == threads)
    conditions = list(dict.fromkeys([*by_batch[:1], *by_batch[-1:]]))
    if not conditions:
        raise UsageError(f"Study {document.study.id} has no measurements yet; let it run to its end, then try again.")
    tables = [table_of(document, condition) for condition in conditions]
    heads = ["candidate", "family", "size", "test accuracy (95 %)", *map(_head, conditions), "time to make"]
    lines = [
        f"| {' | '.join(heads)} |",
        "|---|---|" + "---:|" * (len(heads) - 2),
        *(_line(rows) for rows in zip(*(table.rows for table in tables), strict=True)),
        "",
        f"{origin_of(document, recorded=True)}.",
    ]
    if document.machine is not None:
        lines[-1] += f" {machine_line(document.machine)}; {conditions[0].threads} threads for latency."
    lines += [f"\n{failure.name} is missing. {failure.message}" for failure in document.failures]
    return "\n".join(lines)


def _head(condition: Condition) -> str:
    return f"{ENGINE_TITLES[condition.engine]}, batch of {condition.batch} (95 %)"


def _line(rows: tuple[Row, ...]) -> str:
    first = rows[0]
    cells = [
        first.name,
        FAMILY_TITLES.get(first.family, first.family),
        in_bytes(first.size_bytes),
        in_percent_with_range(first.accuracy),
        *(in_ms_with_range(row.latency_ms) for row in rows),
        in_seconds(first.build_seconds),
    ]
    return f"| {' | '.join(cells)} |"
