"""Words for people who compare two studies."""

from compression.report.differences import What

PAGE = "Two studies"
TITLE = "Two studies side by side"
OTHER = "Beside it"
NO_OTHER = "There is no other completed study yet. Start one on the page “Run”."
WHY = "Why they differ:"
CHARTS = "Filled marks and full lines are A's, hollow marks and dashed lines B's; the rings mark both choices."
DIFFERENCES = "In what they differ"
ALIKE = "They were asked for in the same way, on the same machine and the same day."
WHAT = "What"
WHATS: dict[What, str] = {
    "model": "Model",
    "dataset": "Dataset",
    "preset": "Preset",
    "seed": "Seed",
    "options": "Options",
    "machine": "Machine",
    "date": "Date",
}
SHOW_ALONE = "Show it alone"
