"""A place is held by one process at a time, and free again as soon as that has ended, however it did."""

import subprocess
import sys
from pathlib import Path

import pytest

from compression.errors import UsageError
from compression.store.files import held_alone
from compression.studies.launchers.local import ROOT

TAKEN = "Somebody else is at it; wait until they have ended."
HOLD = """
import sys, time
from pathlib import Path
from compression.store.files import held_alone

with held_alone(Path(sys.argv[1]), "taken"):
    print("held", flush=True)
    time.sleep(300)
"""


def test_a_place_that_another_process_holds_is_refused_until_it_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / "folder" / "place.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UsageError) as refused, held_alone(lock, TAKEN):
            pytest.fail("two at once")
        assert str(refused.value) == TAKEN
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with held_alone(lock, TAKEN):
        pass


def test_a_place_is_free_again_after_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "place.lock"
    with pytest.raises(ZeroDivisionError), held_alone(lock, TAKEN):
        raise ZeroDivisionError
    with held_alone(lock, TAKEN):
        pass
