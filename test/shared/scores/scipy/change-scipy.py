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


def welch(current, before):
    """Of the raw lists, as a statistician would; p to 40 digits by the statistic and degrees of freedom that scipy has."""
    now, then = (numpy.repeat(range(len(counts)), counts) for counts in (current, before))
    result = stats.ttest_ind(now, then, equal_var=False)
    interval = result.confidence_interval(0.95)
    return {
        "current": current,
        "before": before,
        "difference": float(now.mean() - then.mean()),
        "interval": {"low": float(interval.low), "high": float(interval.high)},
        "p": student(float(result.statistic), float(result.df)),
    }


def student(t, df):
    t, df = mpmath.mpf(t), mpmath.mpf(df)
    return float(mpmath.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True))


def t975(df):
    """To 30 digits: the root of the regularised incomplete beta function."""
    start = mpmath.mpf(float(stats.t.ppf(0.975, df)))
    return float(mpmath.findroot(lambda t: mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / (df + t * t), regularized=True) - mpmath.mpf("0.05"), start))


nps = [([20, 40, 40], [30, 40, 30]), ([1, 0, 0], [0, 0, 1]), ([0, 5, 300], [80, 20, 200])]
nps += [([2100, 3900, 4000], [2000, 4000, 4000]), ([3, 2, 4], [3, 2, 4])]
fcr = [([20, 80], [30, 70]), ([0, 1], [1, 0]), ([0, 40], [3, 37]), ([100000, 900000], [101000, 899000])]
ces = [
    ([0, 0, 1, 0, 1, 1, 1, 2], [0, 1, 1, 0, 2, 1, 0, 0]),
    ([0, 4, 9, 31, 120, 77, 300, 250], [0, 5, 11, 30, 119, 90, 290, 230]),
    ([0, 0, 0, 0, 0, 0, 3, 0], [0, 0, 0, 0, 0, 1, 1, 0]),
    ([0, 0, 1, 0, 0, 1, 0, 1], [0, 3, 0, 1, 1, 0, 0, 0]),
    ([0, 0, 0, 0, 1, 1, 0, 1], [0, 9, 31, 20, 12, 7, 4, 17]),
    ([0, 90000, 0, 0, 0, 0, 0, 110000], [0, 100000, 0, 0, 0, 0, 0, 100000]),
]
zs = [0, 1e-9, 0.001, 0.1, 0.5, 1, 1.5, 1.959963984540054, 2.5, 2.9, 2.999999, 3, 3.000001, 3.5, 4, 5, 6.5, 8, 10, 20, 30, 37]
ts = [1e-6, 0.1, 1, 1.7320508, 1.7320509, 2.2, 4, 12, 30]
dfs = [1, 1.0001, 1.5, 2.718, 4, 29.3, 60.5, 199.9, 200.1, 1234.5, 99999.5, 100000.5, 1e8]

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "source": f"scipy {scipy.__version__}, mpmath {mpmath.__version__}",
            "points": [change(points, *pair) for pair in nps],
            "percent": [change(percent, *pair) for pair in fcr],
            "rating": [welch(*pair) for pair in ces],
            "tails": [{"z": z, "p": tails(z)} for z in zs],
            "student": [{"t": t, "df": df, "p": student(t, df)} for df in dfs for t in ts],
            "quantiles": [{"df": df, "t975": t975(df)} for df in dfs],
        },
        indent=2,
    )
    + "\n"
)
