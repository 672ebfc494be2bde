import os
import subprocess
import sys
from pathlib import Path

import pytest

from compression.measurement.machine.container import cpu_quota
from compression.measurement.machine.fingerprint import fingerprint, usable_cores
from compression.measurement.machine.processor import cpu_name, frequency_governor, instruction_sets, physical_cores

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux shows under /proc and /sys")

XEON = """processor\t: 0
vendor_id\t: GenuineIntel
model name\t: Intel(R) Xeon(R)  Platinum 8481C CPU @ 2.70GHz
flags\t\t: fpu sse4_2 avx avx2 avx512f avx512_vnni avx_vnni avx512_bf16 amx_bf16 amx_tile amx_int8

processor\t: 1
flags\t\t: fpu
"""
GRAVITON = """processor\t: 0
BogoMIPS\t: 2100.00
Features\t: fp asimd aes crc32 asimddp sve i8mm bf16
CPU implementer\t: 0x41
CPU part\t: 0xd40
"""


def recorded(folder: Path, cpuinfo: str) -> Path:
    (folder / "cpuinfo").write_text(cpuinfo)
    return folder


@linux_only
def test_a_xeon_is_read_with_its_matrix_units(tmp_path: Path) -> None:
    proc = recorded(tmp_path, XEON)
    assert cpu_name(proc) == "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz"
    expected = ("AVX2", "AVX-512", "AVX-512 VNNI", "AVX-VNNI", "AVX512-BF16", "AMX int8", "AMX bf16")
    assert instruction_sets(proc) == expected


@linux_only
def test_an_arm_server_is_read_with_its_dot_products(tmp_path: Path) -> None:
    proc = recorded(tmp_path, GRAVITON)
    assert "implementer 0x41, part 0xd40" in cpu_name(proc)
    assert instruction_sets(proc) == ("NEON dotprod", "i8mm", "Arm BF16", "SVE")


@linux_only
def test_two_hardware_threads_of_a_core_count_once(tmp_path: Path) -> None:
    for cpu in os.sched_getaffinity(0):
        topology = tmp_path / f"devices/system/cpu/cpu{cpu}/topology"
        topology.mkdir(parents=True)
        (topology / "physical_package_id").write_text("0\n")
        (topology / "core_id").write_text("3\n")
    assert usable_cores(tmp_path, tmp_path) == 1


def test_all_cores_of_the_machine_are_counted_whoever_may_use_them(tmp_path: Path) -> None:
    for cpu in range(8):
        topology = tmp_path / f"devices/system/cpu/cpu{cpu}/topology"
        topology.mkdir(parents=True)
        (topology / "physical_package_id").write_text("0\n")
        (topology / "core_id").write_text(f"{cpu // 2}\n")
    assert physical_cores(tmp_path) == 4


def test_the_governor_is_read_once_for_all_cores_that_share_it(tmp_path: Path) -> None:
    for cpu, governor in enumerate(("performance", "performance", "powersave")):
        folder = tmp_path / f"devices/system/cpu/cpu{cpu}/cpufreq"
        folder.mkdir(parents=True)
        (folder / "scaling_governor").write_text(f"{governor}\n")
    assert frequency_governor(tmp_path) == "performance, powersave"


def test_a_machine_that_shows_no_governor_has_none_to_name(tmp_path: Path) -> None:
    assert frequency_governor(tmp_path) is None


@linux_only
def test_a_core_that_this_process_may_not_use_does_not_count() -> None:
    script = (
        "import os; from compression.measurement.machine.fingerprint import usable_cores;"
        "from compression.measurement.machine.processor import hardware_threads;"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(usable_cores(), hardware_threads())"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "1 1\n"


def container(folder: Path, membership: str, group: str, **files: str) -> tuple[Path, Path]:
    """(/proc, /sys) of a process in a control group with these files."""
    (folder / "proc/self").mkdir(parents=True)
    (folder / "proc/self/cgroup").write_text(membership)
    (folder / "sys/fs/cgroup" / group).mkdir(parents=True)
    for name, text in files.items():
        (folder / "sys/fs/cgroup" / group / name.replace("__", ".")).write_text(text)
    return folder / "proc", folder / "sys"


def test_a_quota_of_version_2_is_read(tmp_path: Path) -> None:
    assert cpu_quota(*container(tmp_path, "0::/work/one\n", "work/one", cpu__max="150000 100000\n")) == 1.5


def test_a_quota_is_found_further_up_or_at_the_containers_own_root(tmp_path: Path) -> None:
    assert cpu_quota(*container(tmp_path, "0::/outside/name\n", ".", cpu__max="200000 100000\n")) == 2.0


def test_a_quota_of_version_1_is_read(tmp_path: Path) -> None:
    membership = "5:memory:/pod\n4:cpu,cpuacct:/pod\n"
    files = {"cpu__cfs_quota_us": "50000\n", "cpu__cfs_period_us": "100000\n"}
    assert cpu_quota(*container(tmp_path, membership, "cpu,cpuacct/pod", **files)) == 0.5


@pytest.mark.parametrize("text", ["max 100000\n", None])
def test_no_quota_is_no_limit(tmp_path: Path, text: str | None) -> None:
    files = {} if text is None else {"cpu__max": text}
    assert cpu_quota(*container(tmp_path, "0::/\n", ".", **files)) is None


def test_half_a_core_is_one_that_can_be_used(tmp_path: Path) -> None:
    assert usable_cores(*container(tmp_path, "0::/\n", ".", cpu__max="50000 100000\n")) == 1


def test_the_fingerprint_of_this_machine_is_filled_in() -> None:
    machine = fingerprint()
    assert machine.cpu
    assert machine.physical_cores and 1 <= machine.cores <= machine.physical_cores <= (os.cpu_count() or 1)
    assert machine.memory_bytes > 2**28
    assert machine.python.startswith("3.")
    assert {"numpy", "onnx", "onnxruntime", "openvino"} <= set(machine.packages)


def test_the_fingerprint_needs_neither_torch_nor_an_engine() -> None:
    script = (
        "import sys; from compression.measurement.machine.fingerprint import fingerprint; fingerprint();"
        "print(sorted({'torch', 'onnx', 'onnxruntime', 'openvino', 'nncf'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
