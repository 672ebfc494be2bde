"""Where Weigh-In keeps its files: ``WEIGHIN_HOME``, or the platform's folder for user data."""

import os
from pathlib import Path

from platformdirs import user_data_path

from compression.errors import UsageError


def home_folder() -> Path:
    """The home folder, made if need be. Raises UsageError when it cannot be written to."""
    chosen = os.environ.get("WEIGHIN_HOME")
    folder = Path(chosen).expanduser() if chosen else user_data_path("weigh-in")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"Weigh-In cannot write to its home folder {folder} ({error.strerror}); "
            "set WEIGHIN_HOME to a folder that you may write to."
        ) from error
    return folder
