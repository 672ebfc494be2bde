"""``run``: put a question, see it through, and write the study to a folder; ``report`` writes one that is there."""

import os
import signal
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from types import FrameType

from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from compression.commands.console import console
from compression.errors import Cancelled, FolderNotUsable, StudyFailed
from compression.records.progress import Progress, in_words
from compression.records.study import ALIVE, Failure, Request, Study
from compression.report.export import write_study
from compression.store.library import Library
from compression.store.studies import Store
from compression.studies.request import check
from compression.studies.supervisor import Supervisor

SECONDS_BETWEEN_LOOKS = 0.3


def run_study(request: Request, out: Path) -> None:
    """Carry out a study and export it. Raises UsageError before any work, StudyFailed or Cancelled after."""
    check(request)
    check_folder(out)
    store = Store()
    study = store.add(request)
    supervisor = Supervisor(store)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with Narrator() as narrator:
            while store.study(study.id).state in ALIVE:
                supervisor.step()
                made, failures = store.results.made(study.id), store.results.failures(study.id)
                narrator.tell(store.study(study.id), store.progress(study.id), made, failures)
                time.sleep(SECONDS_BETWEEN_LOOKS)
    except KeyboardInterrupt as interrupt:
        supervisor.stop_study(study.id, "Interrupted at the command line; what was finished is kept.")
        raise Cancelled(
            f"Interrupted; what was finished is kept, and the Library page can resume study {study.id}."
        ) from interrupt
    supervisor.wait()
    finished = store.study(study.id)
    if finished.state != "completed":
        raise StudyFailed(finished.message or f"The study was {finished.state} from elsewhere; start it again.")
    export(study.id, out)


def export(study: str, out: Path) -> None:
    """Write a study's ``study.json``, ``report.html`` and artefacts. Raises UnknownName, FolderNotUsable."""
    check_folder(out)
    entry = Library(Store()).get(study)
    write_study(entry, out)
    output = console()
    if entry.document.verdict is not None:
        output.print(entry.document.verdict.headline)
    for failure in entry.document.failures:
        output.print(f"{failure.name} is missing. {failure.message}", soft_wrap=True)
    output.print(f"Study {study} is in {out / 'study.json'}, to be read in {out / 'report.html'}.", soft_wrap=True)


def check_folder(out: Path) -> None:
    """Raise FolderNotUsable if a study cannot be written to ``out``; make the folder otherwise."""
    if (out / "study.json").exists():
        raise FolderNotUsable(f"The folder {out} holds a study already; choose another one for --out.")
    try:
        (out / "artefacts").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotUsable(
            f"The folder {out} cannot be made ({error.strerror}); choose one that you may write to for --out."
        ) from error
    if not os.access(out, os.W_OK):
        raise FolderNotUsable(f"The folder {out} cannot be written to; choose another one for --out.")


class Narrator:
    """Tells of a study's progress: a bar for each candidate on a terminal, a plain line for each stage elsewhere."""

    def __init__(self) -> None:
        self._bars = Bars(
            TextColumn("{task.fields[lane]:>13}"),
            BarColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            disable=not sys.stdout.isatty(),
        )
        # By candidate, since a lane may work on several; None is the worker's own work before and after the lanes.
        self._tasks: dict[str | None, TaskID] = {}
        self._stages: dict[str | None, str] = {}
        self._told = 0

    def __enter__(self) -> "Narrator":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def tell(
        self, study: Study, steps: tuple[Progress, ...], made: Collection[str], failures: Sequence[Failure] = ()
    ) -> None:
        """Tell of all that is new; ``made`` are the candidates that are finished, ``failures`` those that cannot be."""
        if not steps and not self._stages and study.state == "queued":
            self._announce(None, "study", "waiting for another study to finish")
        for item in steps[self._told :]:
            lane = item.lane or "study"
            stage = in_words(item.stage, item.batch_size)
            about = f"{stage} {item.candidate}" if item.candidate else stage
            self._announce(item.candidate, lane, about)
            if item.candidate not in self._tasks:
                self._tasks[item.candidate] = self._bars.add_task(about, total=1.0, lane=lane)
            self._bars.update(self._tasks[item.candidate], completed=item.done, description=about)
        self._told = len(steps)
        for failure in failures:
            about = f"{failure.candidate} failed"
            self._announce(failure.candidate, "study", f"{about}: {failure.message}")
            if failure.candidate in self._tasks:
                self._bars.update(self._tasks[failure.candidate], description=about)
        for candidate in made:
            if candidate in self._tasks:
                self._bars.update(self._tasks[candidate], completed=1.0, description=candidate)

    def _announce(self, candidate: str | None, lane: str, about: str) -> None:
        if self._stages.get(candidate) != about:
            self._stages[candidate] = about
            if self._bars.disable:
                print(f"{lane}: {about}", flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
