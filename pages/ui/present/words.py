"""Words for people who show a study to others."""

# Share
SHARE = "Share"
COPIED = "Link copied"
COPY_BY_HAND = "This browser does not let a page copy. Copy the link here:"
COPY_VIEW_ONLY = "Copy a view-only link instead"
VIEW_ONLY_NOTE = "Who opens that one can start, cancel, rename and delete nothing."

# On the stage
PRESENT = "Present"
LEAVE = "Leave"
BACK = "Back"
NEXT = "Next"
STEP = "{} of {}"
ONE_CHART = "One chart"
BOTH_CHARTS = "Both charts"
REPLAY = "Replay"

# A replay
RECORDED = "Recorded {}"
STOP = "Stop"
