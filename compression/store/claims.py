"""Who works on what: a study's worker, the threads of its lanes, and which candidate is already in somebody's hands.

Knows nothing of processes: it only remembers what they agreed on.
"""

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from compression.records.recipes import LaneName
from compression.store import tables


class Claims:
    """Who works on what in one store, shared by all processes of its studies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def set_worker(self, study: str, pid: int, created: float) -> None:
        """Note which process works on a study."""
        with self._engine.begin() as connection:
            connection.execute(
                update(tables.studies)
                .where(tables.studies.c.id == study)
                .values(worker_pid=pid, worker_created=created)
            )

    def worker(self, study: str) -> tuple[int, float] | None:
        """The pid of a study's worker and its creation time, if one was started."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(tables.studies.c.worker_pid, tables.studies.c.worker_created).where(tables.studies.c.id == study)
            ).first()
        return None if row is None or row.worker_pid is None else (row.worker_pid, row.worker_created)

    def set_threads(self, study: str, lane: LaneName, threads: int) -> None:
        """Set how many threads each process of a lane may use from now on."""
        row = {"study": study, "lane": lane, "threads": threads}
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.threads)
                .values(row)
                .on_conflict_do_update(index_elements=["study", "lane"], set_={"threads": threads})
            )

    def threads(self, study: str, lane: LaneName) -> int:
        """How many threads each process of a lane may use."""
        with self._engine.connect() as connection:
            threads = connection.scalar(
                select(tables.threads.c.threads).where(tables.threads.c.study == study, tables.threads.c.lane == lane)
            )
        return threads or 1

    def claim(self, study: str, candidate: str) -> bool:
        """Take a candidate into one's own hands; False if somebody has it already."""
        with self._engine.begin() as connection:
            taken = connection.execute(
                upsert(tables.claims).values(study=study, candidate=candidate).on_conflict_do_nothing()
            )
        return bool(taken.rowcount)

    def claimed(self, study: str) -> frozenset[str]:
        """The candidates that are, or were, in somebody's hands."""
        with self._engine.connect() as connection:
            return frozenset(
                connection.scalars(select(tables.claims.c.candidate).where(tables.claims.c.study == study))
            )

    def release(self, study: str) -> None:
        """Take all candidates out of all hands, for a study whose processes have ended."""
        with self._engine.begin() as connection:
            connection.execute(delete(tables.claims).where(tables.claims.c.study == study))
