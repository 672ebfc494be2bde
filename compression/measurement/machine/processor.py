"""The processor as this process may use it: its name, its instruction sets, how many cores, and what sets its clock.

Linux says all of it under /proc and /sys. macOS is asked through sysctl. Windows says the name and the cores, but only
part of the instruction sets: what is not named there may still be present.
"""

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path

import psutil

from compression.measurement.machine.container import cpu_quota

PROC = Path("/proc")
SYS = Path("/sys")
# Where Linux keeps a folder for each logical CPU, under /sys.
CPUS = "devices/system/cpu"

# What the kernels for these workloads are chosen by, as Linux (flags, Features) and macOS (sysctl) name them.
LINUX_FLAGS = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx512_vnni": "AVX-512 VNNI",
    "avx_vnni": "AVX-VNNI",
    "avx512_bf16": "AVX512-BF16",
    "avx512_fp16": "AVX512-FP16",
    "amx_int8": "AMX int8",
    "amx_bf16": "AMX bf16",
    "asimddp": "NEON dotprod",
    "i8mm": "i8mm",
    "bf16": "Arm BF16",
    "sve": "SVE",
}
MACOS_FLAGS = {
    "hw.optional.avx2_0": "AVX2",
    "hw.optional.avx512f": "AVX-512",
    "hw.optional.avx512vnni": "AVX-512 VNNI",
    "hw.optional.arm.FEAT_DotProd": "NEON dotprod",
    "hw.optional.arm.FEAT_I8MM": "i8mm",
    "hw.optional.arm.FEAT_BF16": "Arm BF16",
}
# https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-isprocessorfeaturepresent
WINDOWS_FEATURES = {40: "AVX2", 41: "AVX-512", 43: "NEON dotprod"}


def cpu_name(proc: Path = PROC) -> str:
    """The processor's name as its maker wrote it, or the best that the system can say."""
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0") as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
    if sys.platform == "darwin":
        return _sysctl("machdep.cpu.brand_string")
    fields = _first_processor(proc)
    if "model name" in fields:
        return " ".join(fields["model name"].split())
    if "CPU part" in fields:  # Arm kernels name the design by numbers only
        return f"{platform.machine()}, implementer {fields['CPU implementer']}, part {fields['CPU part']}"
    return platform.processor() or platform.machine()


def instruction_sets(proc: Path = PROC) -> tuple[str, ...]:
    """Those of the processor's instruction sets that decide how fast these workloads run."""
    if sys.platform == "win32":
        present = ctypes.windll.kernel32.IsProcessorFeaturePresent
        return tuple(name for feature, name in WINDOWS_FEATURES.items() if present(feature))
    if sys.platform == "darwin":
        return tuple(name for key, name in MACOS_FLAGS.items() if _sysctl(key) == "1")
    fields = _first_processor(proc)
    flags = set(f"{fields.get('flags', '')} {fields.get('Features', '')}".split())
    return tuple(name for flag, name in LINUX_FLAGS.items() if flag in flags)


def usable_cores(proc: Path = PROC, sysfs: Path = SYS) -> int:
    """How many physical cores this process can keep busy: those it may run on, or fewer if its container has a quota.

    Two hardware threads of one core count once. A quota of a part of a core is rounded down, but never below 1.
    """
    if hasattr(os, "sched_getaffinity"):
        allowed = os.sched_getaffinity(0)
        cores = len({_core_of(cpu, sysfs) for cpu in allowed})
    else:
        cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    quota = cpu_quota(proc, sysfs)
    return cores if quota is None else max(1, min(cores, int(quota)))


def hardware_threads() -> int:
    """On how many logical processors this process may run: two hardware threads of one core count as two."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def physical_cores(sysfs: Path = SYS) -> int | None:
    """How many physical cores the machine has, whether this process may use them or not; None if it does not say."""
    cpus = [int(folder.name.removeprefix("cpu")) for folder in (sysfs / CPUS).glob("cpu[0-9]*")]
    return len({_core_of(cpu, sysfs) for cpu in cpus}) or psutil.cpu_count(logical=False)


def frequency_governor(sysfs: Path = SYS) -> str | None:
    """What Linux decides the clock rate by, such as "performance"; all of them where the cores differ.

    None where it cannot be read: in most virtual machines, and off Linux.
    https://docs.kernel.org/admin-guide/pm/cpufreq.html
    """
    files = (sysfs / CPUS).glob("cpu[0-9]*/cpufreq/scaling_governor")
    return ", ".join(sorted({file.read_text(encoding="ascii").strip() for file in files})) or None


def _core_of(cpu: int, sysfs: Path) -> tuple[str, ...]:
    """What identifies the physical core of a logical CPU; the CPU itself where the system does not say."""
    topology = sysfs / CPUS / f"cpu{cpu}" / "topology"
    names = [topology / name for name in ("physical_package_id", "core_id")]
    if all(name.exists() for name in names):
        return tuple(name.read_text(encoding="ascii").strip() for name in names)
    return (str(cpu),)


def _first_processor(proc: Path) -> dict[str, str]:
    """The fields of the first processor in /proc/cpuinfo; empty where there is no such file."""
    source = proc / "cpuinfo"
    if not source.exists():
        return {}
    first = source.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _sysctl(key: str) -> str:
    """One value of macOS's sysctl; empty when this machine has no such key."""
    done = subprocess.run(["/usr/sbin/sysctl", "-n", key], capture_output=True, text=True, check=False)
    return done.stdout.strip()
