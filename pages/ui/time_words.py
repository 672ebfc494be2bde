"""What the method page says about the times of one study. The figures that are properties of the measuring itself are
held to its code by a test.
"""

from compression.decision.table import Condition, condition_of
from compression.store.measurements import Latency, Noise
from compression.store.records import Document

TURN_MS = 5
MOST_RUNS = 51
UNCOUNTED_RUNS = 6
UNCOUNTED_MS = 25
TOLERANCE_PERCENT = 2

NO_TIMES = "No time has been measured in this study yet."
NO_NOISE = "How noisy the machine was, and what else ran on it, was not measured in this study."
P95 = "95th percentile"
SAMPLES = "Timings kept"
SAMPLES_HELP = "Single runs, evenly spread over the measurement; the medians of all turns are kept besides."
SETTLED_HELP = "Whether the median was known that well before the time was up."
SETTLED = f"Within {TOLERANCE_PERCENT}%"
BATCH = "Images at once"
THREADS = "Threads"
TIMINGS = "Timings of the original"
SMALLEST = "Smallest difference told apart"
OTHERS = "Cores used by others"
OTHERS_HELP = (
    "How many cores' worth of time other programs, or other machines on the same hardware, took while all files were "
    "timed under this condition. A dash where that was over too soon to tell."
)
OPTION = "Setting"
VALUE = "Value"
OPTIONS = "Settings of the engines"
OPTIONS_CAPTION = (
    "In the engines' own words, read back from the loaded files, and the same for every file. Where a setting follows "
    "the batch or the threads, all its values are named."
)
TIMING = (
    "Time is measured when all files are made, and nothing else of the study runs. Every file, the original included, "
    "is loaded in the engine and run until it no longer gets faster (warm-up).",
    "Then all files take turns, in rounds: in each round every file has one turn, and the order is drawn anew each "
    "time. A machine that slows down or speeds up meanwhile does so for all of them alike.",
    f"A turn begins with {UNCOUNTED_RUNS} runs, or {UNCOUNTED_MS} ms of them, that do not count: the processor's "
    "caches are still full of the file before. Then as many are timed as take about "
    f"{TURN_MS} ms, at least 1 and at most {MOST_RUNS}. As runs right after each other are not independent, the "
    "median of a turn counts as one observation.",
    "The time given is the median over all turns. Its 95% interval reaches from one turn to another in the sorted list "
    "(order statistics): it takes turns, a whole round apart, for independent, and assumes nothing else about times.",
    "The 95th percentile is that of all runs. Its 95% interval is of the same kind, but counts the runs of a turn for "
    "as many independent ones as they are worth (design effect); where these are too few, there is none.",
    f"The rounds end when every interval is within {TOLERANCE_PERCENT}% of its median, or when the time limit is "
    "reached. Then the interval says how well the time is known.",
)


def samples(latencies: list[Latency]) -> str:
    """How many raw timings are kept, and how many medians settled. Not for an empty list."""
    numbers = sorted(len(latency.samples_ms) for latency in latencies)
    many = f"{numbers[0]:,}" if numbers[0] == numbers[-1] else f"{numbers[0]:,} to {numbers[-1]:,}"
    kept = f"{many} raw {'timing is' if many == '1' else 'timings are'} kept for each file, in the study's data"
    settled = sum(latency.settled for latency in latencies)
    which = "all" if settled == len(latencies) else "none" if settled == 0 else f"{settled} of {len(latencies)}"
    return f"Under this condition {kept}; {which} of the medians settled within {TOLERANCE_PERCENT}%."


def noise(document: Document) -> tuple[str, ...]:
    """How the machine compared with itself, and what else it did."""
    timing = document.timing
    if timing is None:
        return (NO_NOISE,)
    times = sorted({timed_over(each) for each in timing.noise})
    often = "" if not times else f" {times[0]}" if len(times) == 1 else f" {times[0]} to {times[-1]}"
    cores = f" of {document.machine.cores}" if document.machine else ""
    over_all = " over all conditions; the table has it for each" if timing.loads else ""
    return (
        f"In the same rounds the original was timed{often} times over, as if it were several files. The largest "
        "difference between any two of these timings is taken as the smallest difference that this machine tells "
        "apart; two files that differ by less are not called faster or slower.",
        "How much of the processor others used meanwhile cannot be told on this system."
        if timing.other_cores is None
        else f"Other programs, or other machines on the same hardware, took the time of "
        f"{timing.other_cores:.2f}{cores} cores meanwhile, on average{over_all}.",
    )


def others_under(document: Document, condition: Condition) -> str | None:
    """How many cores others used while files were timed under a condition; None where that is not known."""
    loads = document.timing.loads if document.timing else ()
    here = next((load.other_cores for load in loads if condition_of(load) == condition), None)
    return None if here is None else f"{here:.2f}"


def timed_over(one: Noise) -> int:
    """How many timings gave the ratios of a noise: n timings make n (n - 1) / 2 pairs."""
    timings = 2
    while timings * (timings - 1) // 2 < len(one.ratios):
        timings += 1
    return timings
