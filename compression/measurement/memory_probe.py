"""The process whose memory is measured: ``python -m compression.measurement.memory_probe ENGINE FILE THREADS PRECISION
BATCH INPUT...``, with each input as the JSON of its InputSpec.

Loads one file in one engine, runs one batch of zeros, prints its own peak resident memory in bytes. Ends with
status NOT_USABLE, and prints why, when the engine refuses the file. A file of its own, so that nothing else is loaded.
"""

import sys
from pathlib import Path
from typing import cast

from compression.catalog.examples import zeros_for
from compression.errors import ModelNotUsable
from compression.measurement.engines import open_session
from compression.records.inputs import InputSpec
from compression.records.measurements import EngineName

BYTES_PER_KIB = 1024
# Python itself ends with 1, and with 2 for arguments that it does not know.
NOT_USABLE = 3


def peak_resident_bytes() -> int:
    """The most memory this process has occupied so far.

    On Linux from /proc, since getrusage there also counts what the starting process occupied before it gave way to this
    one (the kernel carries ru_maxrss over an exec).
    """
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * BYTES_PER_KIB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * BYTES_PER_KIB


def print_peak(arguments: list[str]) -> None:
    """Run one file once and print the peak."""
    engine, path, threads, precision, batch, *specs = arguments
    inputs = zeros_for([InputSpec.model_validate_json(spec) for spec in specs], int(batch))
    try:
        session = open_session(Path(path), cast("EngineName", engine), threads=int(threads), precision=precision)
        session.run(inputs)
    except ModelNotUsable as error:
        sys.stdout.write(error.because)
        raise SystemExit(NOT_USABLE) from error
    sys.stdout.write(f"{peak_resident_bytes()}\n")


if __name__ == "__main__":
    print_peak(sys.argv[1:])
