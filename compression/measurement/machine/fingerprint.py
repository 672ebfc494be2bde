"""What the measurements ran on: the fingerprint that is kept with every study. Imports no torch and no engine."""

import importlib.metadata
import os
import platform
from pathlib import Path

import psutil

from compression.measurement.machine.container import cpu_quota
from compression.measurement.machine.processor import (
    PROC,
    SYS,
    cpu_name,
    frequency_governor,
    instruction_sets,
    physical_cores,
    usable_cores,
)
from compression.records.study import Machine

__all__ = ["fingerprint", "usable_cores"]

# What decides how a file is made, how fast it runs and what it answers.
PACKAGES = ("numpy", "nncf", "onnx", "onnxruntime", "openvino", "torch", "torchvision")


def fingerprint(proc: Path = PROC, sys: Path = SYS) -> Machine:
    """This machine, as far as this process may use it. ``proc`` and ``sys`` are where Linux shows its hardware.

    Packages that are not installed are left out.
    """
    return Machine(
        cpu=cpu_name(proc),
        cores=usable_cores(proc, sys),
        physical_cores=physical_cores(sys),
        cpu_quota=cpu_quota(proc, sys),
        governor=frequency_governor(sys),
        isa=instruction_sets(proc),
        memory_bytes=psutil.virtual_memory().total,
        os=_operating_system(),
        python=platform.python_version(),
        packages=_versions(),
    )


def _operating_system() -> str:
    """Name and kernel, such as "Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64"."""
    kernel = f"{platform.system()} {platform.release()} {platform.machine()}"
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}, {kernel}"
    if platform.system() == "Linux" and any(map(os.path.exists, ("/etc/os-release", "/usr/lib/os-release"))):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    return kernel


def _versions() -> dict[str, str]:
    installed = {}
    for package in PACKAGES:
        try:
            installed[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed
