"""What came of the studies in one store: the machine, the candidates, which failed, how they compare, the verdict.

Keeps records; knows nothing of what they mean, nor of the state a study is in.
"""

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from compression.records.beforehand import Beforehand
from compression.records.layers import LayerFindings
from compression.records.measurements import Pair, Timing
from compression.records.recipes import Recipe
from compression.records.study import Candidate, Failure, Machine, Verdict
from compression.records.subject import Subject
from compression.store import tables

PAIRS = TypeAdapter(tuple[Pair, ...])
BEFOREHAND = TypeAdapter(tuple[Beforehand, ...])
LAYERS = TypeAdapter(tuple[LayerFindings, ...])
RECIPES: TypeAdapter[tuple[Recipe, ...]] = TypeAdapter(tuple[Recipe, ...])


class Results:
    """The results of all studies, written by their workers and lanes and read by whoever shows them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def set_machine(self, study: str, machine: Machine) -> None:
        """Note what the study runs on."""
        with self._engine.begin() as connection:
            _set(connection, study, machine=machine.model_dump_json())

    def machine(self, study: str) -> Machine | None:
        """What the study ran on; None before it started."""
        text = self._text(study, "machine")
        return None if text is None else Machine.model_validate_json(text)

    def set_plan(self, study: str, recipes: tuple[Recipe, ...]) -> None:
        """Keep what the study is to make, in that order."""
        record = RECIPES.dump_json(recipes).decode()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.plans)
                .values(study=study, record=record)
                .on_conflict_do_update(index_elements=["study"], set_={"record": record})
            )

    def plan(self, study: str) -> tuple[Recipe, ...]:
        """What the study is to make; empty before it started, and for a study from before plans were kept."""
        with self._engine.connect() as connection:
            record = connection.scalar(select(tables.plans.c.record).where(tables.plans.c.study == study))
        return () if record is None else RECIPES.validate_json(record)

    def set_beforehand(self, study: str, known: tuple[Beforehand, ...]) -> None:
        """Keep what is known of the files before they are made; the newest counts."""
        record = BEFOREHAND.dump_json(known).decode()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.beforehand)
                .values(study=study, record=record)
                .on_conflict_do_update(index_elements=["study"], set_={"record": record})
            )

    def beforehand(self, study: str) -> tuple[Beforehand, ...]:
        """What was known of the files before they were made; empty where nobody noted it."""
        with self._engine.connect() as connection:
            record = connection.scalar(select(tables.beforehand.c.record).where(tables.beforehand.c.study == study))
        return () if record is None else BEFOREHAND.validate_json(record)

    def set_subject(self, study: str, subject: Subject) -> None:
        """Keep what the study is about; the newest counts."""
        record = subject.model_dump_json()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.subjects)
                .values(study=study, record=record)
                .on_conflict_do_update(index_elements=["study"], set_={"record": record})
            )

    def subject(self, study: str) -> Subject | None:
        """What the study is about; None before it started, and for a study from before subjects were kept."""
        with self._engine.connect() as connection:
            record = connection.scalar(select(tables.subjects.c.record).where(tables.subjects.c.study == study))
        return None if record is None else Subject.model_validate_json(record)

    def set_pairs(self, study: str, pairs: tuple[Pair, ...]) -> None:
        """Keep how the candidates compare, example by example."""
        with self._engine.begin() as connection:
            _set(connection, study, pairs=PAIRS.dump_json(pairs).decode())

    def pairs(self, study: str) -> tuple[Pair, ...]:
        """How the candidates compare, example by example; empty before they are measured."""
        text = self._text(study, "pairs")
        return () if text is None else PAIRS.validate_json(text)

    def set_timing(self, study: str, timing: Timing) -> None:
        """Note under which circumstances latency was measured."""
        with self._engine.begin() as connection:
            _set(connection, study, timing=timing.model_dump_json())

    def timing(self, study: str) -> Timing | None:
        """Under which circumstances latency was measured; None before it was."""
        text = self._text(study, "timing")
        return None if text is None else Timing.model_validate_json(text)

    def set_verdict(self, study: str, verdict: Verdict) -> None:
        """Keep the verdict under the default limits."""
        with self._engine.begin() as connection:
            _set(connection, study, verdict=verdict.model_dump_json())

    def verdict(self, study: str) -> Verdict | None:
        """The verdict under the default limits; None before there is one."""
        text = self._text(study, "verdict")
        return None if text is None else Verdict.model_validate_json(text)

    def put_candidate(self, study: str, candidate: Candidate) -> None:
        """Add a candidate, or replace the one of the same id."""
        record = candidate.model_dump_json()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.candidates)
                .values(study=study, id=candidate.id, record=record)
                .on_conflict_do_update(index_elements=["study", "id"], set_={"record": record})
            )

    def set_aside(self, study: str, candidate: str, better: str) -> None:
        """Note that a candidate gives way to a better one, and is not measured. Raises KeyError if it is not there."""
        there = {each.id: each for each in self.candidates(study)}
        self.put_candidate(study, there[candidate].model_copy(update={"set_aside_for": better}))

    def made(self, study: str) -> tuple[str, ...]:
        """The ids of a study's candidates, in the order in which they were first put."""
        with self._engine.connect() as connection:
            return tuple(
                connection.scalars(
                    select(tables.candidates.c.id)
                    .where(tables.candidates.c.study == study)
                    .order_by(tables.candidates.c.position)
                )
            )

    def candidates(self, study: str) -> tuple[Candidate, ...]:
        """A study's candidates, in the order in which they were first put."""
        with self._engine.connect() as connection:
            records = connection.scalars(
                select(tables.candidates.c.record)
                .where(tables.candidates.c.study == study)
                .order_by(tables.candidates.c.position)
            )
            return tuple(Candidate.model_validate_json(record) for record in records)

    def add_failure(self, study: str, failure: Failure) -> None:
        """Note that a candidate cannot be made; the first reason stays."""
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.failures)
                .values(study=study, candidate=failure.candidate, record=failure.model_dump_json())
                .on_conflict_do_nothing()
            )

    def remove_candidate(self, study: str, candidate: str) -> None:
        """Take a candidate away."""
        with self._engine.begin() as connection:
            connection.execute(
                delete(tables.candidates).where(tables.candidates.c.study == study, tables.candidates.c.id == candidate)
            )

    def failures(self, study: str) -> tuple[Failure, ...]:
        """The candidates that could not be made, in the order of their ids."""
        with self._engine.connect() as connection:
            records = connection.scalars(
                select(tables.failures.c.record)
                .where(tables.failures.c.study == study)
                .order_by(tables.failures.c.candidate)
            )
            return tuple(Failure.model_validate_json(record) for record in records)

    def set_layers(self, study: str, layers: tuple[LayerFindings, ...]) -> None:
        """Keep what is known of the original's layers, in the order in which it computes them."""
        record = LAYERS.dump_json(layers).decode()
        with self._engine.begin() as connection:
            connection.execute(
                upsert(tables.layers)
                .values(study=study, record=record)
                .on_conflict_do_update(index_elements=["study"], set_={"record": record})
            )

    def layers(self, study: str) -> tuple[LayerFindings, ...]:
        """What is known of the original's layers; empty before they were looked at."""
        with self._engine.connect() as connection:
            record = connection.scalar(select(tables.layers.c.record).where(tables.layers.c.study == study))
        return () if record is None else LAYERS.validate_json(record)

    def _text(self, study: str, column: str) -> str | None:
        with self._engine.connect() as connection:
            text = connection.scalar(select(tables.studies.c[column]).where(tables.studies.c.id == study))
        return None if text is None else str(text)


def _set(connection: Connection, study: str, **values: object) -> None:
    connection.execute(update(tables.studies).where(tables.studies.c.id == study).values(**values))
