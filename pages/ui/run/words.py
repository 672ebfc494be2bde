"""Words for people on the pages that run and list studies. What all pages share is in ``words``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from compression.decision.numbers import JOIN, in_seconds
from compression.decision.targets import TARGETS
from compression.records.progress import Stage
from compression.records.recipes import Family, LaneName
from compression.records.study import Document, Verdict
from compression.records.study import State as StudyState
from compression.records.subject import Subject
from compression.report.provenance import own_choices
from compression.studies.estimate import Estimate
from compression.studies.presets import Preset
from pages.ui.run.points import State

# The form
RUN_TITLE = "Weigh a model"
RUN_LEAD = (
    "Weigh-In shrinks the model in both ways side by side, measures every result on this computer, and tells you which "
    "one to take."
)
DATASET = "Dataset"
MODEL = "Model"
PRESET = "How thorough"
ADVANCED = "Advanced"
SEED = "Seed"
FIXED_THREADS = "Fix the processor threads of each lane"
FIXED_THREADS_HELP = (
    "A lane that has ended usually leaves its threads to the other. With a fixed number the study takes longer, but "
    "the same seed gives exactly the same accuracies."
)
THREADS = "Threads for each lane"
START = "Start the study"
QUEUE_BEFORE = "A study is running now. One that you start will wait for it, so that neither spoils the other's timing."
WATCH = "Watch it"
ABOUT = "about **{}**"
HERE = "As long as the last such study took on this computer."
ELSEWHERE = "As long as it took when it was recorded ({}); this computer may be faster or slower."
OF_ANOTHER = "Not yet run like this. {} took as long{}."
USUAL = "What is usual on two cores. Not yet run here."
PLAN = "{} points on the chart"
COUNTED: dict[Family, str] = {
    "original": "the original",
    "quantization": "{} quantized",
    "distillation": "{} distilled",
    "both": "{} distilled and quantized",
    "control": "{} without a teacher, to compare with",
}
COMMAND = "The same from the command line"
COMMAND_FOLDER = "my-study"
OWN = "Your own model and data, in one line"
OWN_COMMAND = "python -m compression run --model FILE.onnx --dataset FOLDER --preset quick --out my-study"

VIEW_ONLY_TITLE = "To look at, not to start"

# A study under way
WEIGHING = "Weighing {}"
ANYONE = "The address of this page is the study's link: a reload, or a colleague who opens it, sees the same."
QUEUED_TITLE = "Waiting for its turn"
QUEUED_BEHIND = "Another study is running. This one starts by itself when that one has ended."
QUEUED_NEXT = "This study starts in a moment."
CANCEL = "Cancel"
CANCELLING = "Stopping\N{HORIZONTAL ELLIPSIS}"
CANCEL_HELP = "Stops the work. What is finished is kept, and the study can be resumed."
CANCELLING_NOTE = "Stopping the work; this takes a few seconds. What is finished is kept."
STAGES: dict[Stage | None, str] = {
    None: "Starting",
    "preparing": "Loading the dataset and the model",
    "asking the teacher": "Asking the original for its answer to every training {noun}",
    "looking into layers": "Layers: their numbers before rounding and after",
    "trying layers in few bits": "Layers: each one alone in 4 bits, then in 2, to see what that costs",
    "checking accuracy": "Accuracy: every file answers the test {nouns}",
    "timing": "Time: all files take turns, and nothing else of the study runs",
    "weighing memory": "Memory: every file runs in a process of its own",
    "timing again": "Noise: the smallest files are timed again, in processes of their own",
}
LANE_TITLES: dict[LaneName, str] = {"distillation": "Distillation", "quantization": "Quantization"}
LANE_WAITS = "Waits until everything is prepared"
LANE_BETWEEN = "Starting"
MADE = "{} of {} made"
LEFT = "{} left"
DETAILS = "File by file"
OF_ABOUT = "{} of about {}"
PRELIMINARY = "Preliminary: times not measured yet"
NOTHING_TO_COMPARE = "The first comparison comes with the first compressed file."

# The live chart
FILE = "File"
KINDS: dict[Family, str] = {
    "original": "Original",
    "quantization": "Quantized",
    "distillation": "Distilled",
    "both": "Distilled and quantized",
    "control": "Control (no teacher)",
}
HOLLOW = "hollow: not tested yet, accuracy on validation examples"
POINTS: dict[State, str] = {
    "learning": "{} on validation examples, still learning",
    "made": "{} on validation examples",
    "tested": "{} on the test",
}
CHART_ALT = "Accuracy and file size of what is made by now. {}."
CHART_EMPTY = "The chart begins with the original."
CHART_X = "File size"
CHART_Y = "Accuracy"
# As numbers elsewhere: decimal units.
AXIS_BYTES = "datum.value >= 1e6 ? format(datum.value / 1e6, ',~r') + ' MB' : format(datum.value / 1e3, ',~r') + ' KB'"

# The end of a study
ANOTHER = "Start another study"
RESUME = "Resume"
TRY_AGAIN = "Try again"
ENDED: dict[StudyState, str] = {
    "failed": "This study failed",
    "cancelled": "This study was cancelled",
    "interrupted": "This study was interrupted",
}
NOTHING_KEPT = "Nothing was finished yet."
KEPT = "Kept: {}. Resuming makes only what is missing."
NO_VERDICT = "The study is complete, but holds no verdict."

# The library
LIBRARY_TITLE = "Studies"
LIBRARY_LEAD = "Every study on this computer and the recorded ones that come with Weigh-In, newest first."
LIBRARY_EMPTY_TITLE = "No study yet"
LIBRARY_EMPTY = (
    "Start one: pick a model on the page “Run”. When it has ended, its verdict stands here to open, download and "
    "compare."
)
RECORDED = "recorded"
OPEN = "Open"
DOWNLOAD = "study.json"
COMPARE = "Compare"
REPLAY = "Replay"
RENAME = "Rename"
RENAME_TITLE = "Name this study"
NAME = "Name"
NAME_HELP = "Shown in place of what was weighed. Without a name, the study is called by its model and dataset."
SAVE = "Save"
DELETE = "Delete"
DELETE_ALIVE = "This study is at work; cancel it on the page “Run” first, then it can be deleted."
DELETE_TITLE = "Delete this study?"
DELETE_NOTE = "**{}**, {}. Its files and measurements are removed from this computer for good."
KEEP = "Keep it"
SHOW_MORE = "Show {} more"
NO_VERDICT_YET: dict[StudyState, str] = {
    "queued": "Waiting for its turn.",
    "running": "At work now; the verdict follows.",
    "completed": NO_VERDICT,
    "failed": "It failed before there was a verdict.",
    "cancelled": "Cancelled before there was a verdict.",
    "interrupted": "Interrupted before there was a verdict.",
}


def stage(name: Stage | None, subject: Subject) -> str:
    """What the worker does in a stage; one without words is shown by its name."""
    return STAGES.get(name, str(name)).format(noun=subject.noun, nouns=subject.nouns)


def own_stage(name: Stage | None, done: float, subject: Subject) -> str:
    """What the worker itself does, and how much of it is over."""
    return f":material/pending: {stage(name, subject)}{f', {done:.0%}' if done else ''}"


def counted_kind(family: Family, count: int) -> str:
    """How many files of a kind there will be."""
    return COUNTED[family].format(count)


def about(estimate: Estimate) -> str:
    """How long a study will take: 'about 3 min'."""
    return ABOUT.format(roughly(estimate.seconds))


def known_from(estimate: Estimate) -> str:
    """How that is known."""
    if estimate.other_subject is not None:
        where = " on this computer" if estimate.measured_here else f" on another one ({estimate.machine})"
        return OF_ANOTHER.format(estimate.other_subject, where)
    if estimate.measured_here:
        return HERE
    return USUAL if estimate.machine is None else ELSEWHERE.format(estimate.machine)


def settings(document: Document, preset: Preset | None) -> str:
    """How a study was asked for: 'Quick, seed 0'."""
    study = document.study
    fixed = study.options.threads_per_lane
    threads = "" if fixed is None else f"{fixed} {'thread' if fixed == 1 else 'threads'} for each lane"
    return ", ".join(
        filter(None, (preset.title if preset else study.preset, f"seed {study.seed}", threads, own_choices(document)))
    )


def time_left(seconds: float) -> str:
    """A remaining time: '5 s', 'about 40 s', 'about 2 min'."""
    if seconds < 10:  # noqa: PLR2004  # the last seconds are counted
        return f"{max(1, round(seconds))}{JOIN}s"
    return f"about {roughly(seconds)}"


def roughly(seconds: float) -> str:
    """A duration as far as it can be trusted: '40 s', '3 min', '2 h'."""
    if seconds < 90:  # noqa: PLR2004  # people count these in seconds
        return f"{max(5, 5 * round(seconds / 5))}{JOIN}s"
    minutes = round(seconds / 60)
    return f"{minutes}{JOIN}min" if minutes < 90 else f"{round(minutes / 60)}{JOIN}h"  # noqa: PLR2004


def elapsed_of(elapsed_seconds: float, done: float, expected: Estimate) -> str:
    """'1:10 of about 3 min': what is over, and what it comes to if the rest goes as expected."""
    whole = elapsed_seconds + (1.0 - done) * expected.seconds
    minutes, seconds = divmod(int(elapsed_seconds), 60)
    return OF_ABOUT.format(f"{minutes}:{seconds:02d}", roughly(whole))


def when(moment: datetime, timezone: str | None) -> str:
    """A date and time in the reader's own zone, or in UTC when it is not known: '23 November 2026, 14:05'."""
    local = moment.astimezone(ZoneInfo(timezone) if timezone else ZoneInfo("UTC"))
    return f"{local.day} {local:%B %Y, %H:%M}{'' if timezone else ' UTC'}"


def verdict_line(verdict: Verdict) -> str:
    """The verdict with what it is for: '**Phone app:** Quantize it: ...'."""
    target = next((target.title for target in TARGETS if target.name == verdict.target), verdict.target)
    return f"**{target}:** {verdict.headline}"


def details(document: Document, timezone: str | None) -> str:
    """How, when and where, in one line."""
    study, machine = document.study, document.machine
    asked = ", ".join(filter(None, (f"Preset {study.preset}", f"seed {study.seed}", own_choices(document))))
    parts = [asked, when(study.created, timezone)]
    if study.seconds is not None:
        parts.append(f"took {in_seconds(study.seconds)}")
    if machine is not None:
        parts.append(machine.cpu)
    return " · ".join(parts)
