"""Words for people on the pages, in one place. Numbers become words in ``compression.decision.numbers``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from compression.decision.preference import Preference
from compression.records.measurements import ENGINE_TITLES, Condition
from compression.records.study import State
from compression.records.subject import Subject
from compression.report.provenance import origin_of
from compression.store.library import LibraryEntry

PRODUCT = "Weigh-In"

RESULT_PAGE = "Result"
RUN_PAGE = "Run"
LIBRARY_PAGE = "Studies"
HOW_PAGE = "How"

# The header and the address
STUDY_SHOWN = "Study"
ROUGH = "Only a preview: too rough to decide on."
REFUSED = "The address says “{}={}”, which this page does not know. {} What is usual is shown instead."
CHOICES = "There is: {}."
NUMBER_OR_ANY = "A number above 0, or “any” for no limit."
NO_SUCH_STUDY_TITLE = "No such study"
NO_SUCH_STUDY = "There is no study called “{}”. These are here:"

LOOKS_ONLY = "View only"
VIEW_ONLY = "You came by a view-only link: nothing can be started or changed through it."

# The limits
WHERE = "Where will it run?"
TARGETS = {"phone": "Phone", "iot": "IoT", "real-time": "Real-time", "server": "Server", "custom": "Custom"}
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


def condition(measured: Condition, subject: Subject, *, threads: bool) -> str:
    """A condition of latency: the engine, and how many examples at once."""
    on = f", {measured.threads} processor threads" if threads else ""
    how = "" if measured.precision == "fp32" else f" in {measured.precision}"
    return f"{ENGINE_TITLES[measured.engine]}{how}, {subject.counted(measured.batch)} at once{on}"


# A value on a card
INTERVAL = "95%: {}"

# Tables
CANDIDATE = "File"
ACCURACY = "Accuracy"
SIZE = "File size"
NEEDS = "Needs"
PRECISION = "Computed in"
NOT_MEASURED = "Not measured here: {}."

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
SHOW_RUNNING = "Watch it"
START = "Start a study"
EXAMPLE_COMMAND = "python -m compression run --model mobilenet_v2 --dataset fashion-mnist --preset quick --out my-study"


def moment(at: datetime, timezone: str | None) -> str:
    """A short date and time in the reader's own zone, or in UTC when it is not known: '23 Nov 14:05'."""
    local = at.astimezone(ZoneInfo(timezone or "UTC"))
    return f"{local.day} {local:%b %H:%M}"


def origin(entry: LibraryEntry) -> str:
    """What the numbers are of."""
    return origin_of(entry.document, recorded=entry.recorded)


def time_for(batch: int, subject: Subject) -> str:
    """Heading of the latencies."""
    return f"Time per {subject.noun}" if batch == 1 else f"Time for {subject.counted(batch)}"
