"""Words for people on the pages that run and list studies. What all pages share is in ``words``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from compression.decision.numbers import in_seconds
from compression.decision.targets import TARGETS
from compression.records.progress import Stage
from compression.records.recipes import LaneName
from compression.records.study import Document, State, Verdict
from compression.records.subject import Subject
from compression.report.provenance import own_choices
from compression.studies.estimate import Estimate
from compression.studies.presets import Preset
from pages.ui.run.progress import Phase

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
NEVER_ASKED = (
    "This model has not been studied like this on this computer before, so how long it takes cannot be told yet."
)
NO_MODELS = "No model comes trained on this dataset, so there is nothing to start here."
QUEUE_BEFORE = "A study is running now. One that you start will wait for it, so that neither spoils the other's timing."
WATCH = "Watch it"

VIEW_ONLY_TITLE = "To look at, not to start"

# A study under way
WEIGHING = "Weighing {}"
ANYONE = "The address of this page is the study's link: a reload, or a colleague who opens it, sees the same."
QUEUED_TITLE = "Waiting for its turn"
QUEUED_BEHIND = "Another study is running. This one starts by itself when that one has ended."
QUEUED_NEXT = "This study starts in a moment."
PHASES: dict[Phase, str] = {
    "preparing": "Prepare",
    "building": "Build in two lanes",
    "measuring": "Measure",
    "deciding": "Verdict",
}
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
    "checking accuracy": "1 of 3 · Accuracy: every file answers the test {nouns}",
    "timing": "2 of 3 · Time: all files take turns, and nothing else of the study runs",
    "weighing memory": "3 of 3 · Memory: every file runs in a process of its own",
    "timing again": "3 of 3 · Noise: the smallest files are timed again, in processes of their own",
}
LANE_TITLES: dict[LaneName, str] = {"distillation": "Distillation", "quantization": "Quantization"}
LANE_WAITS = "Waits until everything is prepared"
LANE_BETWEEN = "Starting"
MADE = "Candidates made"
MADE_OF = "{} of {}"
TIME_LEFT = "Time left"
UNKNOWN_TIME = "not known yet"
NOTHING = "\N{EN DASH}"
ACCURACY_SO_FAR = "Validation accuracy so far"
NO_TRAINING = (
    "No student is trained in this lane, so there is no accuracy to watch: it is measured when both lanes are done."
)
CHART = "Validation accuracy as the training goes"
CHART_ALT = "Validation accuracy of the students as their training goes. {}"
CHART_EMPTY = "The curve starts when the first student has seen all its {} once."
CHART_BARS = "bars: 95% intervals"
CHART_X = "Share of the training done"
CHART_Y = "Validation accuracy"
WITH_TEACHER = "with the teacher"
WITHOUT_TEACHER = "without (control)"
MEASURING = "Measuring every file, alone"

# The end of a study
DONE = "Done"
OPEN_VERDICT = "Open the verdict"
ANOTHER = "Start another study"
RESUME = "Resume"
TRY_AGAIN = "Try again"
ENDED: dict[State, str] = {
    "queued": QUEUED_TITLE,
    "running": "Running",
    "completed": DONE,
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
NO_VERDICT_YET: dict[State, str] = {
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


def expected(estimate: Estimate | None) -> str:
    """How long a study will take, and how that is known."""
    if estimate is None:
        return NEVER_ASKED
    took = in_seconds(estimate.seconds)
    if estimate.other_subject is not None:
        where = "this computer" if estimate.measured_here else estimate.machine
        return f"Not yet run like this. {estimate.other_subject} took **{took}** on {where}."
    if estimate.measured_here:
        return f"Takes about **{took}**, as the last such study did on this computer."
    return f"Took **{took}** when it was recorded ({estimate.machine}). This computer may be faster or slower."


def settings(document: Document, preset: Preset | None) -> str:
    """How a study was asked for: 'Quick, seed 0'."""
    study = document.study
    fixed = study.options.threads_per_lane
    threads = "" if fixed is None else f"{fixed} {'thread' if fixed == 1 else 'threads'} for each lane"
    return ", ".join(
        filter(None, (preset.title if preset else study.preset, f"seed {study.seed}", threads, own_choices(document)))
    )


def time_left(seconds: float | None) -> str:
    """A remaining time, rounded as far as it can be trusted: '5 s', 'about 40 s', 'about 2 min'."""
    if seconds is None:
        return UNKNOWN_TIME
    if seconds < 10:  # noqa: PLR2004  # the last seconds are counted
        return in_seconds(max(1, round(seconds))).replace(".0", "")
    return f"about {in_seconds(5 * round(seconds / 5))}" if seconds < 90 else f"about {round(seconds / 60)} min"  # noqa: PLR2004


def overall(elapsed_seconds: float, estimate: Estimate | None) -> str:
    """How long a study has been at work, and how much is left by what the same question took before."""
    so_far = f"At work for {in_seconds(elapsed_seconds) if elapsed_seconds >= 10 else f'{elapsed_seconds:.0f} s'}"  # noqa: PLR2004
    if estimate is None or estimate.other_subject is not None:
        return f"{so_far}."
    where = "the last such study" if estimate.measured_here else "the recorded study"
    left = estimate.seconds - elapsed_seconds
    if left <= 0:
        return f"{so_far}; {where} took {in_seconds(estimate.seconds)}, this one takes longer."
    return f"{so_far}; {time_left(left)} left, if it goes like {where}."


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
