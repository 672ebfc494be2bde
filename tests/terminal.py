"""The command line as a person runs it, in a home of its own: in a process of its own, or faster in this one."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from compression.studies.launchers.local import ALLOCATOR, LARGE_PAGES, ROOT

# Only what fails ever waits this long.
PATIENCE_SECONDS = 800


def weigh_in(*arguments: str, home: Path, checkout: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run ``python -m compression`` to its end, on a terminal wide enough for any table."""
    return subprocess.run(
        [sys.executable, "-m", "compression", *arguments],
        cwd=checkout,
        env=os.environ | {"WEIGHIN_HOME": str(home), "COLUMNS": "200"},
        text=True,
        capture_output=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def weigh_in_here(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the same in this process: another one takes seconds to import what this one has imported already."""
    from compression.__main__ import main

    out, err, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("WEIGHIN_HOME", str(home))
        patch.setenv("COLUMNS", "200")
        # As if it had begun anew with them: these tests' process is not one to begin anew.
        for name, value in (ALLOCATOR | LARGE_PAGES).items():
            patch.setenv(name, value)
        patch.setattr("sys.argv", ["compression", *arguments])
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
