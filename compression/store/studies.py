"""The store: every study, its progress and what came of it in one SQLite database (WAL), its files in a folder each.

It is the only truth: pages, worker and lanes share nothing but this. Knows nothing of what the records mean.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from compression.errors import UnknownName, UsageError
from compression.records.progress import Progress
from compression.records.study import ALIVE, LONGEST_NAME, RESUMABLE, Request, State, Study
from compression.store import tables
from compression.store.claims import Claims
from compression.store.database import open_database, take_write_lock
from compression.store.files import home_folder
from compression.store.results import Results

Clock = Callable[[], float]
# Studies with the names that people gave them.
NAMED = select(tables.studies, tables.names.c.name).outerjoin(tables.names)


@dataclass(frozen=True, kw_only=True)
class _ProgressRead:
    """The progress of one study as far as it was read, and the number of the last.

    Whoever watches a study asks several times a second, also while it measures time: docs/lab-notes.md, "Watching a
    study".
    """

    study: str | None = None
    steps: tuple[Progress, ...] = ()
    last: int = 0


class Store:
    """A handle on one home folder; cheap to make, safe to share between threads."""

    def __init__(self, home: Path | None = None, clock: Clock = time.time) -> None:
        self.home = home or home_folder()
        self.clock = clock
        self._engine = open_database(self.home / "studies.sqlite")
        self.claims = Claims(self._engine)
        self.results = Results(self._engine)
        self._progress_read = _ProgressRead()

    # Studies

    def add(self, request: Request, study: str | None = None) -> Study:
        """Put a question in the queue, under an id that ``new_id`` drew beforehand, or one that is drawn now.

        Adding twice under one id adds once, so that a page may ask again when it is not sure of having asked.
        """
        study = study or new_id()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.studies)
                .values(
                    id=study,
                    created=self.clock(),
                    state="queued",
                    question=request.model_dump_json(include=set(Request.model_fields)),
                )
                .on_conflict_do_nothing(index_elements=["id"])
            )
        return self.study(study)

    def study(self, study: str) -> Study:
        """One study. Raises UnknownName."""
        with self._engine.connect() as connection:
            row = connection.execute(NAMED.where(tables.studies.c.id == study)).first()
            if row is None:
                known = connection.scalars(select(tables.studies.c.id)).all()
                raise UnknownName("study", study, known)
        return self._study(row)

    def studies(self) -> tuple[Study, ...]:
        """All studies, newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(NAMED.order_by(tables.studies.c.created.desc()))
            return tuple(self._study(row) for row in rows)

    def rename(self, study: str, name: str) -> None:
        """Call a study what a person calls it, in one line of what can be printed; an empty name takes the former one
        away. Raises UsageError for one that is too long, and UnknownName."""
        self.study(study)
        name = "".join(letter for letter in " ".join(name.split()) if letter.isprintable())
        if len(name) > LONGEST_NAME:
            raise UsageError(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
        with self._engine.begin() as connection:
            connection.execute(delete(tables.names).where(tables.names.c.study == study))
            if name:
                connection.execute(insert(tables.names).values(study=study, name=name))

    def claim_next(self) -> Study | None:
        """Mark the oldest queued study as running and return it; None while another one runs or nothing waits.

        One at a time: a second study on the same machine would spoil the latencies of both.
        """
        with self._engine.begin() as connection:
            # The write lock is taken before the look, so that two supervisors cannot both find the place free.
            take_write_lock(connection)
            states = tables.studies.c.state
            if connection.scalar(select(func.count()).where(states == "running")):
                return None
            queued = select(tables.studies.c.id).where(states == "queued").order_by(tables.studies.c.created)
            study = connection.scalar(queued.limit(1))
            if study is None:
                return None
            self._change(connection, study, state="running", started=self.clock(), ended=None, message=None)
        return self.study(study)

    def finish(self, study: str, state: State, message: str | None = None) -> bool:
        """End a study that is alive; False, and nothing changes, if it had ended already."""
        with self._engine.begin() as connection:
            ended = connection.execute(
                update(tables.studies)
                .where(tables.studies.c.id == study, tables.studies.c.state.in_(ALIVE))
                .values(state=state, message=message, ended=self.clock())
            )
        return bool(ended.rowcount)

    def requeue(self, study: str) -> None:
        """Queue a study again that has ended without a result; what it has made is kept. Nothing changes if it is alive
        or completed: two people may ask for the same."""
        with self._engine.begin() as connection:
            connection.execute(
                update(tables.studies)
                .where(tables.studies.c.id == study, tables.studies.c.state.in_(RESUMABLE))
                .values(state="queued", cancel_requested=False, message=None, worker_pid=None, ended=None)
            )
            # What failed is tried again.
            connection.execute(delete(tables.failures).where(tables.failures.c.study == study))

    def request_cancel(self, study: str) -> None:
        """Ask for a study to stop; the supervisor sees to it."""
        with self._engine.begin() as connection:
            self._change(connection, study, cancel_requested=True)

    def cancel_requested(self, study: str) -> bool:
        """Whether somebody asked for the study to stop."""
        with self._engine.connect() as connection:
            return bool(
                connection.scalar(select(tables.studies.c.cancel_requested).where(tables.studies.c.id == study))
            )

    def delete(self, study: str) -> None:
        """Remove a study and its files."""
        with self._engine.begin() as connection:
            connection.execute(delete(tables.studies).where(tables.studies.c.id == study))
        shutil.rmtree(self.folder(study), ignore_errors=True)

    def folder(self, study: str) -> Path:
        """Where a study's files lie; artefacts are in ``artefacts/`` below it."""
        return self.home / "studies" / study

    def log_file(self, study: str) -> Path:
        """Where everything that the processes of a study print goes, tracebacks included."""
        return self.folder(study) / "log.txt"

    # Progress

    def add_progress(self, study: str, progress: Progress) -> None:
        """Append one step of progress."""
        with self._engine.begin() as connection:
            connection.execute(insert(tables.news).values(study=study, record=progress.model_dump_json()))

    def progress(self, study: str) -> tuple[Progress, ...]:
        """All steps of a study's progress, oldest first."""
        kept = self._progress_read
        known, last = (kept.steps, kept.last) if kept.study == study else ((), 0)
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(tables.news.c.number, tables.news.c.record)
                .where(tables.news.c.study == study, tables.news.c.number > last)
                .order_by(tables.news.c.number)
            ).all()
        if rows:
            known += tuple(Progress.model_validate_json(row.record) for row in rows)
            last = rows[-1].number
        self._progress_read = _ProgressRead(study=study, steps=known, last=last)
        return known

    # Parts

    def _change(self, connection: Connection, study: str, **values: object) -> None:
        connection.execute(update(tables.studies).where(tables.studies.c.id == study).values(**values))

    def _study(self, row: Row[tuple[object, ...]]) -> Study:
        request = Request.model_validate_json(row.question)
        seconds = None if row.started is None or row.ended is None else row.ended - row.started
        return Study(
            **request.model_dump(),
            id=row.id,
            name=row.name,
            state=row.state,
            created=datetime.fromtimestamp(row.created, UTC),
            seconds=seconds,
            message=row.message,
        )


def new_id() -> str:
    """An id for a study. It cannot be guessed, since it is also the link that shares the study."""
    return token_hex(6)
