"""Writes change-scipy.json: what scipy and mpmath say. Run: python3 test/shared/change-scipy.py"""

import json
import math
import pathlib

import mpmath
import numpy
import scipy
from scipy import stats

mpmath.mp.dps = 40


def tails(z):
    return float(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)))


def points(detractors, passives, promoters):
    """NPS; estimate and squared standard error from the weights with 3/4, 3/2 and 3/4 responses added."""
    weights = numpy.array([-100, 0, 100])
    counts = numpy.array([detractors, passives, promoters])
    added = counts + [0.75, 1.5, 0.75]
    variance = numpy.cov(weights, aweights=added, ddof=0)
    score = numpy.average(weights, weights=counts)
    return float(score), float(numpy.average(weights, weights=added)), float(variance) / added.sum()


def percent(misses, hits):
    """Agresti and Caffo: estimate and squared standard error of the raw list with a hit and a miss appended."""
    raw = numpy.repeat([0, 100], [misses + 1, hits + 1])
    return 100 * hits / (hits + misses), float(raw.mean()), float(raw.var()) / len(raw)


def rating(*distribution):
    raw = numpy.repeat(range(len(distribution)), distribution)
    return float(raw.mean()), float(raw.mean()), float(stats.sem(raw)) ** 2


def change(score, current, before):
    (now, centre, error), (then, centre_then, error_then) = score(*current), score(*before)
    middle, deviation = centre - centre_then, math.sqrt(error + error_then)
    low, high = stats.norm.interval(0.95, middle, deviation)
    return {
        "current": current,
        "before": before,
        "difference": now - then,
        "interval": {"low": float(low), "high": float(high)},
        "p": tails(abs(middle / deviation)),
    }


nps = [([20, 40, 40], [30, 40, 30]), ([1, 0, 0], [0, 0, 1]), ([0, 5, 300], [80, 20, 200])]
nps += [([2100, 3900, 4000], [2000, 4000, 4000]), ([3, 2, 4], [3, 2, 4])]
fcr = [([20, 80], [30, 70]), ([0, 1], [1, 0]), ([0, 40], [3, 37]), ([100000, 900000], [101000, 899000])]
ces = [
    ([0, 0, 1, 0, 1, 1, 1, 2], [0, 1, 1, 0, 2, 1, 0, 0]),
    ([0, 4, 9, 31, 120, 77, 300, 250], [0, 5, 11, 30, 119, 90, 290, 230]),
    ([0, 0, 0, 0, 0, 0, 3, 0], [0, 0, 0, 0, 0, 1, 1, 0]),
    ([0, 90000, 0, 0, 0, 0, 0, 110000], [0, 100000, 0, 0, 0, 0, 0, 100000]),
]
zs = [0, 1e-9, 0.001, 0.1, 0.5, 1, 1.5, 1.959963984540054, 2.5, 2.9, 2.999999, 3, 3.000001, 3.5, 4, 5, 6.5, 8, 10, 20, 30, 37]

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "source": f"scipy {scipy.__version__}, mpmath {mpmath.__version__}",
            "points": [change(points, *pair) for pair in nps],
            "percent": [change(percent, *pair) for pair in fcr],
            "rating": [change(rating, *pair) for pair in ces],
            "tails": [{"z": z, "p": tails(z)} for z in zs],
        },
        indent=2,
    )
    + "\n"
)
