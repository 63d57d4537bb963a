"""Writes score-scipy.json: what scipy and mpmath say. Run: python3 test/shared/score-scipy.py"""

import json
import pathlib

import mpmath
import numpy
import scipy
from scipy import stats

mpmath.mp.dps = 30


def ends(interval):
    return {"low": float(interval[0]), "high": float(interval[1])}


def wilson(hits, n):
    interval = stats.binomtest(hits, n).proportion_ci(confidence_level=0.95, method="wilson")
    return ends([100 * interval.low, 100 * interval.high])


def mean(distribution):
    """By expansion into the raw list, as a statistician would."""
    raw = numpy.repeat(range(11), distribution)
    return ends(stats.t.interval(0.95, len(raw) - 1, raw.mean(), stats.sem(raw)))


def t975(df):
    """To 30 digits: the root of the regularised incomplete beta function."""
    def excess(t):
        tails = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / (df + t * t), regularized=True)
        return tails - mpmath.mpf("0.05")

    return float(mpmath.findroot(excess, mpmath.mpf(float(stats.t.ppf(0.975, df)))))


shares = [(0, 1), (1, 1), (0, 30), (30, 30), (1, 2), (3, 7), (80, 100), (29, 30)]
shares += [(333, 1000), (123456, 9999999), (7, 10**9)]
means = [
    [0, 0, 1, 0, 1, 1, 1, 2, 0, 0, 0],
    [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0],
    [0, 4, 9, 31, 120, 77, 300, 250, 0, 0, 0],
    [0, 0, 0, 0, 100, 101, 0, 0, 0, 0, 0],
    [0, 100000, 0, 250000, 0, 0, 400000, 250000, 0, 0, 0],
]
degrees = [*range(1, 31), 40, 50, 60, 80, 99, 100, 120, 150, 198, 199, 200, 201, 250, 300]
degrees += [500, 1000, 10000, 99999, 9999999]

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "source": f"scipy {scipy.__version__}, mpmath {mpmath.__version__}",
            "shares": [{"hits": hits, "n": n, "interval": wilson(hits, n)} for hits, n in shares],
            "means": [{"distribution": counts, "interval": mean(counts)} for counts in means],
            "quantiles": [{"df": df, "t975": t975(df)} for df in degrees],
        },
        indent=2,
    )
    + "\n"
)
