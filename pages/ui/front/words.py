"""Words for people on the front page. What other pages say as well is in ``pages.ui.shared.words``."""

from collections import Counter

from compression.decision.targets import TIME_CAVEAT
from compression.decision.two_files import What
from compression.decision.wording import FAMILY_TITLES, at_start
from compression.records.recipes import Family
from compression.records.study import Machine, Study
from compression.records.subject import Subject
from compression.report.provenance import machine_line, remake_command
from pages.ui.shared.words import ACCURACY, NEEDS, SIZE, time_for

# The answer
NOTHING_FITS = "Nothing fits"
SHOW_WITHOUT_LOSS = "Compare"
TABS = ("Why", "What would change it", "Compare two", "Try an example", "All files", "Download", "How sure")
WHY, CHANGE, COMPARE, TRY, FILES, DOWNLOAD, SURE = TABS
IN_FULL = "All reasons, with the ranges"
TARGET_MEANS = "{}: {}"
NOTHING_WOULD_CHANGE_IT = "No other limit on size, time or accuracy would lead to another choice."
GAINS_OF_TEACHER = "How much of this is the teacher?"
GAINS_CAPTION = (
    "Each student against its control: the same network, trained alike on the labels alone. Bars are 95% intervals; "
    "one that reaches across 0 could be chance."
)
WHY_FAST = "Why the quantized files are, or are not, faster here"
FOR: dict[str, str] = {
    "phone": "For a phone app",
    "iot": "For an IoT device",
    "real-time": "For a real-time system",
    "server": "For a server",
    "custom": "For your limits",
}

# The charts
CHARTS = "Charts"
TWO_CHARTS = "Two charts"
ONE_CHART = "One chart"
CHARTS_CAPTION = (
    "Lines join the best of each kind. Bars are 95% intervals. The ring marks the choice; grey areas are outside your "
    "limits. Names stand where they fit, and “+2” says that two more files lie in the same place; point at any file to "
    "see which it is, click it to compare it with the choice."
)
AREAS_CAPTION = "The area of a point is its file's size."

# Why
PROS_AND_CONS = "What each way gains and costs"
LEGEND: dict[Family, str] = {**FAMILY_TITLES, "control": "Control (no teacher)"}
GAINS = "Gains"
COSTS = "Costs"
FITS = "fits your limits"
FITS_NOT = "outside your limits"

# Two files
FIRST = "A"
SECOND = "B"
USUAL = {"first": "The choice", "second": "The best of another kind"}
THE_ORIGINAL = "the original"
THE_SAME_TWICE = "A and B are the same file; choose another for one of them."
NOTHING = "\N{EN DASH}"
WHAT = "Measure"
WHAT_HELP = "What the two files are compared in."
DIFFERENCE = "B against A"
DIFFERENCE_HELP = "What B is, seen from A."
SURE_OF_IT = "How sure"
CLEAR = "clear"
COULD_BE_CHANCE = "could be chance"
RIGHT = "Of {}, both get {:,} right, only A {:,}, only B {:,}, and neither {:,}."
NO_ANSWERS = "The answers of this file were not kept, so its examples cannot be shown."
WAY = "From which file to which"
FROM_TO = "From {} to {}"
CLASS = "Class"

# Examples that flipped
LOST = "Lost"
LOST_HELP = "Right before, wrong after."
WON = "Won"
WON_HELP = "Wrong before, right after."
POINTS = "Points"
POINTS_HELP = "By how many points of a hundred the accuracy on this class changes."
CLASSES_ALT = "The class that suffers most is {}: {} answers are lost and {} are won."
LOST_EXAMPLES = "Right before, wrong after: {}"
WON_EXAMPLES = "And back, wrong before and right after: {}"
IS_A = "It is: {}"
ANSWERED = "Answered: {}, {:.0f}%"
MORE = "More"
CALIBRATION = "Does it know its doubts?"
CALIBRATED = "Mean confidence: {} before, {} after.  \nCalibration error: {} before, {} after."
CALIBRATION_SAME = "The difference could be chance."
CALIBRATION_WORSE = "It knows them clearly less well."
CALIBRATION_BETTER = "It knows them clearly better."

# One example
WHICH_EXAMPLE = "Which example"
OF_THE_TEST, OF_ONES_OWN = "test", "own"
OWN_FILE = "A file with your {}"
USE_CAMERA = "Use the camera"
ASKING = "Every file is being asked."
TOOK = "Time"
TOOK_HELP = "The median of five answers, one example at once, on one processor thread of this computer, just now."
NOT_HERE = "Not kept with this study, to keep it small: {}."
ANOTHER = "Another"
TRY_CAPTION = "Test {} that the files answer differently come first. Nothing is computed: the answers were kept."
ANSWER = "Answer"
CONFIDENCE = "Confidence"
IS_RIGHT = "Right"
RIGHT_OF = "{} of {} files are right."

# All files
CHOSEN_MARK = "\N{BLACK RIGHT-POINTING TRIANGLE} "
FAMILY = "Kind"
BUILD = "Made in"
NEEDED = "Needs {}"
LABELS = "Labels"
WITHIN_LIMITS = "Fits"
ONLY_FITTING = "Only those that fit"
WITH_RANGES = "With ranges"
LOW = "{}, from"
HIGH = "{}, to"
FILES_CAPTION = "Every number was measured on the exported file itself. Click a heading to sort by it."

# Download
TAKE = "Download {}"
TAKE_HELP = (
    "A folder with the file, a card that says how it was made and measured, its classes, and a script that runs it on "
    "{} files without Weigh-In."
)
FILE_ALONE = "The .onnx file alone"
REPORT = "Report (HTML)"
STUDY = "Study (JSON)"
CSV = "Table (CSV)"
OTHER_FILES = "All other files"
MISSING = "Not kept with this study, to keep it small: {}. The command below makes them again, in DIR/artefacts."
AGAIN = "The same study from the command line"

# How sure
NO_CAVEATS = "Nothing speaks against these numbers: the times are as exact as usual, and every file was made."
RANGES = "The answer's numbers, with their ranges"
RANGES_CAPTION = "Each range holds the true value in 95 of 100 studies like this."
HOW_MEASURED = "How these numbers are made"


def time_caveat(machine: Machine | None) -> str:
    """What the times are worth elsewhere."""
    return TIME_CAVEAT if machine is None else f"{TIME_CAVEAT} The machine: {machine_line(machine)}."


def lines(batch: int, subject: Subject) -> dict[What, str]:
    """Headings of what two files are compared in."""
    return {
        "size": SIZE,
        "time": time_for(batch, subject),
        "accuracy": ACCURACY,
        "needs": NEEDS,
        "made in": BUILD,
    }


def throughput(subject: Subject) -> str:
    """Heading of the throughputs."""
    return f"{at_start(subject.nouns)} per second"


def command_of(study: Study) -> str:
    """The command that makes a study's files again."""
    return remake_command(study)


def examples_to_try(subject: Subject) -> dict[str, str]:
    """Which examples can be tried."""
    return {OF_THE_TEST: f"Test {subject.nouns}", OF_ONES_OWN: f"Your own {subject.noun}"}


def own_note(subject: Subject) -> str:
    """What becomes of an example of one's own."""
    return (
        f"A process apart asks every file and deletes your {subject.noun}; nothing is kept. The files know only the "
        f"kinds of {subject.dataset_title}: whatever else you send is called one of these."
    )


def as_seen(subject: Subject) -> str:
    """Below an example of one's own, as it was prepared."""
    return f"Your {subject.noun}, as the files see it"


def agreed(answers: list[str]) -> str:
    """How many files gave which answer, the most frequent first: 'Shirt: 17 of 19 files. Coat: 2.'"""
    counted = Counter(answers).most_common()
    (first, most), rest = counted[0], counted[1:]
    return " ".join([f"{first}: {most} of {len(answers)} files.", *(f"{answer}: {count}." for answer, count in rest)])
