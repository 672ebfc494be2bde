"""Opening the SQLite database that the store lives in, for many readers and a writer at a time."""

from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import NullPool

from compression.errors import OtherVersion
from compression.records.study import CONTRACT, OLDER_CONTRACTS
from compression.store import tables

# How long a writer waits for another one; each holds the lock for milliseconds.
SECONDS_TO_WAIT = 30


def open_database(path: Path) -> Engine:
    """A database with all tables, made if it is not there; one of OLDER_CONTRACTS becomes one of today. Raises
    OtherVersion for any other."""
    # No pool: opening a file takes less than a millisecond, and a store needs no closing by whoever drops it.
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": SECONDS_TO_WAIT}, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection, which SQLAlchemy leaves untyped
        # Readers and the one writer do not wait for each other in write-ahead mode.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    # Several processes may find the file missing at the same moment. SQLite lets none of them wait for another one that
    # begins to write ahead.
    with FileLock(f"{path}.lock", timeout=SECONDS_TO_WAIT), engine.begin() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        there = inspect(connection).has_table(tables.studies.name)
        if there and version not in {CONTRACT, *OLDER_CONTRACTS}:
            raise OtherVersion(path)
        if version != CONTRACT:
            connection.exec_driver_sql(f"PRAGMA user_version={CONTRACT}")
        tables.metadata.create_all(connection)
    return engine


def take_write_lock(connection: Connection) -> None:
    """Make this transaction the writer now, before it looks, so that what it sees stays so until it commits."""
    connection.exec_driver_sql("UPDATE studies SET state = state WHERE 0")
