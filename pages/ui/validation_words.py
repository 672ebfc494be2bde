"""Words for people about what students reached on the validation images."""

from compression.decision.numbers import in_percent

TITLE = "What the trained networks reached on the validation images"
ACCURACY = "Validation accuracy"
MEAN = "Mean"
MEAN_HELP = "Over all seeds. By this, one way of teaching is chosen from several."
SPREAD = "Smallest to largest"
SPREAD_HELP = "The same training from other seeds: what differs is chance."
GOES_ON = "Goes on"
GOES_ON_HELP = "Whether it is tested, or was set aside for one that was better on the validation images."
YES = "yes"
SET_ASIDE = "set aside"


def spread(low: float, high: float) -> str:
    """'86.8% to 87.4%'."""
    return f"{in_percent(low)} to {in_percent(high)}"
