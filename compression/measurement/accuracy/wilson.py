"""The 95 % interval of a share. Knows two numbers, and needs no library, so that pages may ask it as well."""

from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def wilson_interval(correct: int, total: int) -> tuple[float, float]:
    """(low, high) of the share ``correct`` / ``total``: Wilson's 95 % score interval.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22, without continuity
    correction; preferred to the normal approximation near 0 and 1 by Brown, Cai and DasGupta 2001, "Interval estimation
    for a binomial proportion". Raises ValueError unless 0 <= correct <= total and 0 < total.
    """
    if not 0 <= correct <= total or total == 0:
        raise ValueError(f"{correct} of {total} is no share")
    share, weight = correct / total, Z**2 / total
    middle = (share + weight / 2) / (1 + weight)
    reach = Z * sqrt(share * (1 - share) / total + weight / total / 4) / (1 + weight)
    # Rounding must not leave the share itself outside.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
