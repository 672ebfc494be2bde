"""Keeping OpenVINO and NNCF from reporting their use: nothing about a study leaves the machine."""

import sys


def forbid_telemetry() -> None:
    """Call before the first import of openvino or nncf in a process.

    Importing either reports it to Google Analytics, from a thread of its own, unless the person has opted out in their
    home folder. Both fall back to a silent stub when the package openvino_telemetry cannot be imported, which a None in
    its place brings about for this process alone.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
