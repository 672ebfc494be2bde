"""Two sets of answers to the same test examples, compared example by example.

Two candidates mostly get the same examples right, so that their accuracies vary together: comparing them example by
example tells much smaller differences apart than their two intervals do. Knows predictions and labels; runs nothing.

The interval is that of Bonett and Price 2012, "Adjusted Wald confidence interval for a difference of binomial
proportions based on paired data", Journal of Educational and Behavioral Statistics 37 (4): the normal approximation
after one example was added to each of the two counts of examples that only one of the two got right. With
p12 = (only first + 1) / (N + 2) and p21 = (only second + 1) / (N + 2) it is

    p12 - p21 +- z * sqrt((p12 + p21 - (p12 - p21) ** 2) / (N + 2)),  cut off at -1 and 1.

Why this one: it is closed-form, the same from either side, has a width when the two agree on every example (where the
plain normal approximation claims certainty), and goes with McNemar's exact test, which is the more cautious of the two.
Its coverage, beside others': docs/lab-notes.md, "Paired differences".
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from compression.measurement.accuracy.shares import is_right
from compression.measurement.accuracy.wilson import Z
from compression.records.measurements import Pair
from compression.store.predictions import Predictions


def pair_of(
    first_id: str, first: Predictions, second_id: str, second: Predictions, labels: NDArray[np.integer]
) -> Pair:
    """The first accuracy less the second, on the same examples with the same ``labels`` [N], with its 95 % interval
    (see above), and the p-value of McNemar's exact test of whether they differ.

    McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12; exact: of the examples that only one of the two got right, the number that the first did is
    Binomial(n, 1/2) when they are equally good; two-sided. Without such examples it is 1. Raises ValueError when there
    is not one label per prediction.
    """
    first_right, second_right = is_right(first.classes, labels), is_right(second.classes, labels)
    only_first = int(np.count_nonzero(first_right & ~second_right))
    only_second = int(np.count_nonzero(second_right & ~first_right))
    low, high = difference_interval(only_first, only_second, len(labels))
    return Pair(
        first=first_id,
        second=second_id,
        total=len(labels),
        only_first=only_first,
        only_second=only_second,
        difference=(only_first - only_second) / len(labels),
        low=low,
        high=high,
        p_value=_mcnemar(only_first, only_second),
    )


def difference_interval(only_first: int, only_second: int, total: int) -> tuple[float, float]:
    """(low, high) of the difference of two accuracies on the same ``total`` examples; see the top of this module."""
    first, second = (only_first + 1) / (total + 2), (only_second + 1) / (total + 2)
    middle = first - second
    reach = Z * sqrt((first + second - middle**2) / (total + 2))
    return max(-1.0, middle - reach), min(1.0, middle + reach)


def _mcnemar(only_first: int, only_second: int) -> float:
    told_apart = only_first + only_second
    return 1.0 if told_apart == 0 else float(binomtest(only_first, told_apart, 0.5).pvalue)
