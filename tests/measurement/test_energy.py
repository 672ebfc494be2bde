from pathlib import Path

import pytest

from compression.measurement.energy import joules_per_inference

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


def test_both_packages_count_and_zones_inside_or_above_them_do_not(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_500_000, rapl_0_0=700_000, rapl_1=500_000, rapl_2=9_000_000)
    assert joules_per_inference(work, folder=powercap, clock=work.clock) == pytest.approx(2.0)


def test_a_batch_shares_the_energy_of_its_run(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_600_000)
    assert joules_per_inference(work, images_per_run=32, folder=powercap, clock=work.clock) == pytest.approx(0.05)


def test_it_runs_for_the_time_it_is_given(powercap: Path) -> None:
    work = Work(powercap, rapl_0=1_000_000)
    joules_per_inference(work, seconds=2.5, folder=powercap, clock=work.clock)
    assert work.now == 2_500_000_000


def test_a_counter_that_starts_again_from_zero_is_carried_over(powercap: Path) -> None:
    (powercap / "intel-rapl:0" / "energy_uj").write_text(f"{RANGE - 3_000_000}\n")
    work = Work(powercap, rapl_0=2_000_000)
    assert joules_per_inference(work, folder=powercap, clock=work.clock) == pytest.approx(2.0)


def test_without_counters_it_is_not_measurable(tmp_path: Path) -> None:
    assert joules_per_inference(lambda: None, folder=tmp_path) is None
    assert joules_per_inference(lambda: None, folder=tmp_path / "missing") is None


def test_a_counter_that_cannot_be_read_is_not_measurable(powercap: Path) -> None:
    (powercap / "intel-rapl:0" / "energy_uj").unlink()
    assert joules_per_inference(lambda: None, folder=powercap) is None


def test_counters_that_stand_still_are_no_measurement(powercap: Path) -> None:
    work = Work(powercap, rapl_0=0)
    assert joules_per_inference(work, folder=powercap, clock=work.clock) is None
