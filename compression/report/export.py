"""Writing a study to a folder: the contract, the report and the files."""

import shutil
from pathlib import Path

from compression.records.progress import Progress
from compression.report.html_report import default_report_html
from compression.store.files import write_atomically
from compression.store.library import PROGRESS, PROGRESS_FILE, LibraryEntry


def write_study(entry: LibraryEntry, out: Path) -> None:
    """Write ``artefacts/*.onnx``, ``predictions/*.npz``, ``progress.json``, ``report.html`` (once there is a verdict)
    and ``study.json``.

    That comes last: where it is, the rest is there too.
    """
    (out / "artefacts").mkdir(parents=True, exist_ok=True)
    for candidate in entry.document.candidates:
        source = entry.artefact(candidate)
        if source is not None:
            shutil.copyfile(source, out / candidate.artefact)
    if (entry.folder / "predictions").is_dir():
        shutil.copytree(entry.folder / "predictions", out / "predictions", dirs_exist_ok=True)
    write_atomically(out / PROGRESS_FILE, PROGRESS.dump_json(_last_of_each_stage(entry.progress())))
    report = default_report_html(entry.document)
    if report is not None:
        write_atomically(out / "report.html", report.encode())
    write_atomically(out / "study.json", entry.document.model_dump_json(indent=1).encode())


def _last_of_each_stage(progress: tuple[Progress, ...]) -> tuple[Progress, ...]:
    """When each stage of each file ended: enough to play a study again, and a hundredth of all that was told."""
    return tuple({(step.stage, step.candidate): step for step in progress}.values())
