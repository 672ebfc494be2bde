"""The command line as a person runs it: a process of its own, in a home of its own."""

import os
import subprocess
import sys
from pathlib import Path

from compression.studies.launchers.local import ROOT

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
