import subprocess
import sys
import time

import pytest

from compression.measurement.timing.load import Reading, other_cores, read_load

BURN = "while True: pass"


def test_what_others_use_is_all_less_what_is_ones_own() -> None:
    before = Reading(everyone=100.0, own=10.0, moment=0.0)

    assert other_cores(before, Reading(everyone=103.0, own=12.0, moment=2.0)) == pytest.approx(0.5)
    assert other_cores(before, Reading(everyone=102.0, own=12.01, moment=2.0)) == 0.0


def test_over_a_moment_load_cannot_be_told() -> None:
    before = Reading(everyone=1.0, own=1.0, moment=1.0)
    assert other_cores(before, before) is None
    assert other_cores(before, Reading(everyone=1.4, own=1.0, moment=1.4)) is None
    assert other_cores(before, Reading(everyone=1.5, own=1.0, moment=1.5)) == pytest.approx(1.0)


def test_a_busy_program_is_noticed() -> None:
    busy = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        before = read_load()
        time.sleep(1.0)
        found = other_cores(before, read_load())
        assert found is not None
        assert found > 0.3
    finally:
        busy.kill()
        busy.wait()


def test_ones_own_work_is_not_that_of_others() -> None:
    before, end = read_load(), time.monotonic() + 1.0
    while time.monotonic() < end:
        pass
    after = read_load()
    unaware = Reading(everyone=after.everyone, own=before.own, moment=after.moment)
    # The work of this second is in the one and not in the other, however busy the machine is otherwise.
    with_it, without_it = other_cores(before, unaware), other_cores(before, after)
    assert with_it is not None
    assert without_it is not None
    assert with_it - without_it == pytest.approx((after.own - before.own) / (after.moment - before.moment), abs=0.05)
