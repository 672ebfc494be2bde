"""What a Linux container is allowed of the machine's processors, from its control group. Knows no processor."""

from pathlib import Path


def cpu_quota(proc: Path, sysfs: Path) -> float | None:
    """How many CPUs' worth of time this process's control groups allow it; None without a limit, or off Linux.

    The tightest limit on the way up counts. Version 2: ``cpu.max`` ("quota period" or "max period"); version 1:
    ``cpu.cfs_quota_us`` (-1 for none) and ``cpu.cfs_period_us``. https://docs.kernel.org/admin-guide/cgroup-v2.html
    """
    membership = proc / "self/cgroup"
    if not membership.exists():
        return None
    limits = []
    for line in membership.read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        root = sysfs / "fs/cgroup" if controllers == "" else sysfs / "fs/cgroup" / controllers
        if controllers == "" or "cpu" in controllers.split(","):
            # A container often sees its own group as the root, while the path is the one outside: all of them count.
            groups = [root / path.lstrip("/"), *(root / path.lstrip("/")).parents]
            limits += [_limit(group) for group in groups if group == root or root in group.parents]
    return min((limit for limit in limits if limit is not None), default=None)


def _limit(group: Path) -> float | None:
    """The limit that one group sets itself, in CPUs."""
    if (group / "cpu.max").exists():
        quota, period = (group / "cpu.max").read_text(encoding="ascii").split()
        return None if quota == "max" else int(quota) / int(period)
    if (group / "cpu.cfs_quota_us").exists():
        quota_us = int((group / "cpu.cfs_quota_us").read_text(encoding="ascii"))
        return None if quota_us < 0 else quota_us / int((group / "cpu.cfs_period_us").read_text(encoding="ascii"))
    return None
