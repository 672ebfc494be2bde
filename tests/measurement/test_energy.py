from pathlib import Path

import pytest

from compression.measurement.energy import read_energy

RANGE = 262_143_328_850


@pytest.fixture
def powercap(tmp_path: Path) -> Path:
    """A folder as a two-socket server shows it: packages, a zone inside one, and the platform that counts all again."""
    zones = {
        "intel-rapl:0": "package-0",
        "intel-rapl:0:0": "core",
        "intel-rapl:1": "package-1",
        "intel-rapl:2": "psys",
    }
    for zone, name in zones.items():
        folder = tmp_path / zone
        folder.mkdir()
        (folder / "name").write_text(f"{name}\n")
        (folder / "max_energy_range_uj").write_text(f"{RANGE}\n")
        (folder / "energy_uj").write_text("5000000\n")
    return tmp_path


class Work:
    """Each run takes 100 ms and moves the counters of the given zones on by so many microjoules."""

    def __init__(self, powercap: Path, **microjoules: int) -> None:
        self.now = 0
        self.steps = {
            powercap / zone.replace("_", ":").replace("rapl", "intel-rapl"): uj for zone, uj in microjoules.items()
        }

    def clock(self) -> int:
        return self.now

    def __call__(self) -> None:
        self.now += 100_000_000
        for folder, step in self.steps.items():
            counter = folder / "energy_uj"
            counter.write_text(f"{(int(counter.read_text()) + step) % RANGE}\n")


def joules(work: Work, powercap: Path, **options: float) -> tuple[float, ...] | None:
    read = read_energy(work, folder=powercap, clock=work.clock, **options)
    return None if read is None else read.joules


def test_both_packages_count_and_zones_inside_or_above_them_do_not(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_500_000, rapl_0_0=700_000, rapl_1=500_000, rapl_2=9_000_000)
    assert joules(work, powercap) == pytest.approx((2.0, 2.0, 2.0))


def test_each_reading_runs_for_the_time_it_is_given(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_000_000)
    found = joules(work, powercap, seconds=2.5, repeats=4)
    assert found is not None
    assert len(found) == 4
    assert work.now == 4 * 2_500_000_000


def test_readings_that_differ_are_all_kept_and_the_middle_one_stands_for_them(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_000_000)
    package = powercap / "intel-rapl:0"

    def busier_and_busier() -> None:
        work()
        work.steps[package] += 100_000

    found = read_energy(busier_and_busier, seconds=0.2, folder=powercap, clock=work.clock)
    assert found is not None
    assert found.joules == pytest.approx((1.05, 1.25, 1.45))
    assert found.median_joules == pytest.approx(1.25)
    # The clock of the test stands still for the system's counters: half a second has not passed.
    assert found.other_cores is None


def test_a_counter_that_starts_again_from_zero_is_carried_over(powercap: Path) -> None:
    (powercap / "intel-rapl:0" / "energy_uj").write_text(f"{RANGE - 3_000_000}\n")
    work = Work(powercap, rapl_0=2_000_000)
    assert joules(work, powercap) == pytest.approx((2.0, 2.0, 2.0))


def test_without_counters_it_is_not_measurable(tmp_path: Path) -> None:
    assert read_energy(lambda: None, folder=tmp_path) is None
    assert read_energy(lambda: None, folder=tmp_path / "missing") is None


def test_a_counter_that_cannot_be_read_is_not_measurable(powercap: Path) -> None:
    (powercap / "intel-rapl:0" / "energy_uj").unlink()
    assert read_energy(lambda: None, folder=powercap) is None


def test_counters_that_stand_still_are_no_measurement(powercap: Path) -> None:
    assert joules(Work(powercap, rapl_0=0), powercap) is None
