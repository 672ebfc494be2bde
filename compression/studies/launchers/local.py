"""Starting, watching and stopping the processes that do the work. Knows nothing of what they do. Torch-free."""

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import psutil

ROOT = Path(__file__).resolve().parents[3]
# glibc gives large blocks back to the system after each use, which costs page faults; others ignore these:
# docs/lab-notes.md, "The allocator keeps its memory".
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(2**30), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
# glibc 2.35 and later ask Linux for pages of 2 MB instead of 4 KB, with which trainings take less time:
# docs/lab-notes.md, "Large pages".
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Starter(Protocol):
    """Starts ``python -m compression ARGUMENTS``; :func:`start` is the one that is used."""

    def __call__(
        self,
        arguments: Sequence[str],
        *,
        home: Path,
        log: Path,
        threads: int,
        detached: bool = False,
        large_pages: bool = False,
    ) -> "subprocess.Popen[bytes]":
        """Run the command on the store in ``home`` with so many threads, its output appended to ``log``."""
        ...


def start(
    arguments: Sequence[str],
    *,
    home: Path,
    log: Path,
    threads: int,
    detached: bool = False,
    large_pages: bool = False,
    program: str = "compression",
) -> "subprocess.Popen[bytes]":
    """Run ``python -m compression ARGUMENTS`` on the store in ``home``, its output appended to ``log``.

    ``threads`` reaches every numeric library before it is imported: two processes that each start a thread per core
    slow each other down many times over, since waiting OpenMP threads spin. A ``detached`` process is in a session of
    its own: it lives on when the one that started it is interrupted. ``large_pages`` are for a process that trains, and
    not for one that measures: a program that uses a model has none, and what it occupies would be rounded up to them.
    Another ``program`` is one that knows the same commands.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"WEIGHIN_HOME": str(home)}
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ORT_INTRA_OP_NUM_THREADS"):
        environment[variable] = str(threads)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    for variable, value in (ALLOCATOR | (LARGE_PAGES if large_pages else {})).items():
        environment.setdefault(variable, value)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=environment,
            start_new_session=detached,
        )


def begin_anew_to_train() -> None:
    """Begin the program anew, in this very process, with the memory settings of one that trains: they are read when a
    process starts. Nothing happens where they are set already, or the C library is another one than glibc.

    To be called before anything is printed or begun.
    """
    missing = {name: value for name, value in (ALLOCATOR | LARGE_PAGES).items() if name not in os.environ}
    if missing and platform.libc_ver()[0] == "glibc":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | missing)


def creation_time(pid: int) -> float:
    """When a process was created, in seconds since 1970: with its pid, what identifies it."""
    return float(psutil.Process(pid).create_time())


def is_alive(pid: int, created: float) -> bool:
    """Whether the very process that was created then under this pid still runs."""
    try:
        process = psutil.Process(pid)
        return bool(process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def stop_tree(pid: int, created: float, patience_seconds: float = 3.0) -> None:
    """End a process and all it has started: politely first, then for good. Nothing happens if it is gone."""
    if not is_alive(pid, created):
        return
    try:
        root = psutil.Process(pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return
    for process in family:
        _signal(process.terminate)
    _, stubborn = psutil.wait_procs(family, timeout=patience_seconds)
    for process in stubborn:
        _signal(process.kill)
    psutil.wait_procs(stubborn, timeout=patience_seconds)


def end_with_parent(poll_seconds: float = 0.5) -> None:
    """End this process soon after its parent has ended, however that came about."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(poll_seconds)
        # Not sys.exit: that would end only this thread, and the main one may be deep inside a library.
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.NoSuchProcess:
        # It ended by itself between the look and the signal, which is what was wanted.
        return
