"""Words for people on the pages, in one place. Numbers become words in ``compression.decision.numbers``."""

from compression.decision.preference import Preference
from compression.decision.targets import TIME_CAVEAT
from compression.decision.wording import FAMILY_TITLES, at_start
from compression.records.measurements import ENGINE_TITLES, Condition
from compression.records.recipes import Family
from compression.records.study import Machine, State, Study
from compression.records.subject import Subject
from compression.report.provenance import machine_line, origin_of, remake_command
from compression.store.library import LibraryEntry

PRODUCT = "Weigh-In"
TAGLINE = "distil it, quantize it, or both?"

VERDICT_PAGE = "Verdict"
RUN_PAGE = "Run"
LIBRARY_PAGE = "Library"
INSIDE_PAGE = "Inside"
METHOD_PAGE = "Method"

# The verdict
NOTHING_FITS = "Nothing fits"
ACCURACY = "Accuracy"
SIZE = "File size"
BUILD = "Made in"
NEEDS = "Needs"
INTERVAL = "95%: {}"
EXACT = "exact"
THE_ORIGINAL = "the original"
WHY = "Why"
WHAT_WOULD_CHANGE_IT = "What would change it"
CAVEATS = "Before you rely on the numbers"
GAINS_OF_TEACHER = "How much of this is the teacher?"
GAINS_CAPTION = (
    "Each student against its control: the same network, trained alike on the labels alone. Bars are 95% intervals; "
    "one that reaches across 0 could be chance."
)
WHY_FAST = "Why the quantized files are, or are not, faster here"
NOTHING_WOULD_CHANGE_IT = "No other limit on size, time or accuracy would lead to another choice."

# The limits
WHERE = "Where will it run?"
LARGEST = "Largest file"
SLOWEST = "Slowest answer"
LOWEST = "Lowest accuracy"
NO_LIMIT = "No limit"
PREFER = "Among what fits, prefer"
PREFERENCES: dict[Preference, str] = {
    Preference.ACCURATE: "Accuracy",
    Preference.BALANCE: "Small and fast",
    Preference.SMALLEST: "Small",
    Preference.FASTEST: "Fast",
}
CONDITION = "How time was measured"
CONDITION_NOW = "Time measured in {}"
CHANGE = "Change"
LOWEST_HELP = "The share of test {} that must be answered right. At the left end there is no limit."


def condition(measured: Condition, subject: Subject, *, threads: bool) -> str:
    """A condition of latency: the engine, and how many examples at once."""
    on = f", {measured.threads} processor threads" if threads else ""
    how = "" if measured.precision == "fp32" else f" in {measured.precision}"
    return f"{ENGINE_TITLES[measured.engine]}{how}, {subject.counted(measured.batch)} at once{on}"


# The charts and the lists
CHARTS = "Accuracy against size, and against time"
CHARTS_CAPTION = (
    "Lines join the best of each kind. Bars are 95% intervals. The ring marks the choice; grey areas are outside your "
    "limits."
)
CHARTS_CAPTION_CROWDED = (
    f"{CHARTS_CAPTION} The best of each kind have their names beside them; point at any other to see which file it is."
)
PROS_AND_CONS = "What each way gains and costs"
LEGEND: dict[Family, str] = {**FAMILY_TITLES, "control": "Control (no teacher)"}
GAINS = "Gains"
COSTS = "Costs"
FITS = "fits your limits"
FITS_NOT = "outside your limits"
CANDIDATES = "All candidates"
CHOSEN_MARK = "\N{BLACK RIGHT-POINTING TRIANGLE} "
CANDIDATE = "Candidate"
FAMILY = "Kind"
PRECISION = "Computed in"
WITHIN_LIMITS = "Fits"
CANDIDATES_CAPTION = "Ranges are 95% intervals. Every number was measured on the exported file itself."
NOT_MEASURED = "Not measured here: {}."
DOWNLOADS = "Take it with you"
DOWNLOADS_CAPTION = "Each candidate is one ONNX file, ready to deploy."
REPORT = "Report (HTML)"
STUDY = "Study (JSON)"
HOW_MEASURED = "How these numbers are made"
WHAT_CHANGED = "What changed inside"
MISSING = "Not kept with this study, to keep it small: {}. This command makes them again, in DIR/artefacts:"

# No study, or an unfinished one
NO_STUDY_TITLE = "Distil it, quantize it, or both?"
NO_STUDY = (
    "There is no finished study to show. Start one on the page “Run”: it compresses a model in both ways, measures the "
    "results on this machine, and its verdict appears here."
)
NO_STUDY_COMMAND = "Or run it from the command line; the study then appears in the folder you name:"
UNFINISHED = "This study ({}) has nothing measured yet, so there is no verdict."
STATES: dict[State, str] = {
    "queued": "waiting",
    "running": "running",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "interrupted": "interrupted",
}
RUNNING = "A study of your own is running."
SHOW_RUNNING = "Watch it"
RECORDED_NOTE = "This is a recorded study. To measure on your own machine, start one."
START = "Start a study"
EXAMPLE_COMMAND = "python -m compression run --model mobilenet_v2 --dataset fashion-mnist --preset quick --out my-study"


def origin(entry: LibraryEntry) -> str:
    """What the numbers are of."""
    return origin_of(entry.document, recorded=entry.recorded)


def time_caveat(machine: Machine | None) -> str:
    """What the times are worth elsewhere."""
    return TIME_CAVEAT if machine is None else f"{TIME_CAVEAT} The machine: {machine_line(machine)}."


def time_for(batch: int, subject: Subject) -> str:
    """Heading of the latencies."""
    return f"Time per {subject.noun}" if batch == 1 else f"Time for {subject.counted(batch)}"


def throughput(subject: Subject) -> str:
    """Heading of the throughputs."""
    return f"{at_start(subject.nouns)} per second"


def command_of(study: Study) -> str:
    """The command that makes a study's files again."""
    return remake_command(study)
