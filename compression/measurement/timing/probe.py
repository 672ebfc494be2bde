"""The process in which a file is timed alone: ``python -m compression.measurement.timing.probe FILE INPUTS SECONDS SEED
NAMES CONDITION...``. INPUTS is an ``.npz`` of the inputs of as many examples as the largest batch, in the order of
NAMES (JSON); each CONDITION is the JSON of one.

Prints the median milliseconds under each condition as JSON. Ends with status NOT_USABLE, and prints why, when an engine
refuses the file.
"""

import json
import sys
from pathlib import Path

import numpy as np

from compression.errors import ModelNotUsable
from compression.measurement.memory_probe import NOT_USABLE
from compression.measurement.timing.latency import measure_latencies
from compression.records.measurements import Condition


def main(arguments: list[str]) -> None:
    """Time one file under each condition and print the medians."""
    path, stored, seconds, seed, names, *conditions = arguments
    with np.load(stored) as arrays:
        inputs = dict(zip(json.loads(names), (arrays[key] for key in arrays.files), strict=True))
    try:
        timed = measure_latencies(
            [(path, Path(path))],
            [Condition.model_validate_json(condition) for condition in conditions],
            inputs,
            seconds_per_subject=float(seconds),
            seed=int(seed),
        )
    except ModelNotUsable as error:
        sys.stdout.write(error.because)
        raise SystemExit(NOT_USABLE) from error
    sys.stdout.write(json.dumps([latency.median_ms for latency in timed.latencies[path]]))


if __name__ == "__main__":
    main(sys.argv[1:])
