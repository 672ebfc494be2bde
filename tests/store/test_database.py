"""A database that nobody has made yet."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import inspect

from compression.store import tables
from compression.store.database import open_database

AT_ONCE, ROUNDS = 6, 8


def test_any_number_may_open_it_at_the_same_moment(tmp_path: Path) -> None:
    together = Barrier(AT_ONCE)

    def open_it(path: Path) -> set[str]:
        together.wait()
        return set(inspect(open_database(path)).get_table_names())

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(ROUNDS):
            path = tmp_path / f"{number}.sqlite"
            assert list(threads.map(open_it, [path] * AT_ONCE)) == [set(tables.metadata.tables)] * AT_ONCE
