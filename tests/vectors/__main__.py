"""``python -m tests.vectors work STUDY`` and ``lane STUDY LANE``: the processes of a study, with the tests' catalog."""

import sys
from functools import partial

from compression.commands.work import run_lane_process, run_worker
from compression.studies.launchers.local import start
from tests.vectors.modality import CATALOG

PROGRAM = "tests.vectors"

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["work", study]:
            run_worker(study, catalog=CATALOG, start_process=partial(start, program=PROGRAM))
        case ["lane", study, ("distillation" | "quantization") as lane]:
            run_lane_process(study, lane, catalog=CATALOG)  # type: ignore[arg-type]
        case asked:
            raise SystemExit(f"unknown: {asked}")
