"""``list``: all studies in a table; ``table``: one study's candidates as Markdown."""

from rich.table import Table

from compression.commands.console import console
from compression.report.markdown import markdown_table
from compression.store.library import Library
from compression.store.studies import Store


def print_studies() -> None:
    """Print one row a study, newest first."""
    table = Table("study", "model", "dataset", "preset", "state", "verdict")
    for entry in Library(Store()).all():
        study, verdict = entry.study, entry.document.verdict
        state = f"{study.state} (recorded)" if entry.recorded else study.state
        headline = verdict.headline if verdict else study.message or ""
        table.add_row(study.id, study.model, study.dataset, study.preset, state, headline)
    console().print(table)


def print_table(study: str) -> None:
    """Print the candidates of one study. Raises UnknownName, UsageError for a study without measurements."""
    print(markdown_table(Library(Store()).get(study).document))
