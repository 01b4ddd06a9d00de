"""One pure function for each method, on arrays: units × columns of doubles, NaN = no value.

Scoring turns values into rates (``level``, ``goals``, ``place``, ``steps``, ``mixing``), ``treatment`` and ``imputation``
come before it, ``aggregation``, ``outranking``, ``rounding`` and ``ranking`` after it. Nothing here knows a scheme, a file
or a message.
"""

from tongkao.engine.kernels.aggregation import arithmetic, geometric, harmonic, minimum, power, weighted_median
from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray, Numeric
from tongkao.engine.kernels.goals import base_step, challenge, completion, distance_to_target, target
from tongkao.engine.kernels.imputation import column_mean, column_median, interpolate, row_mean, row_median
from tongkao.engine.kernels.level import deduct, distance_to_reference, identity, minmax, ratio_to_best, zscore
from tongkao.engine.kernels.mixing import mix
from tongkao.engine.kernels.outranking import copeland_net, copeland_rate
from tongkao.engine.kernels.place import ascending_rank, borda, percentile, rank_linear, rank_step, rank_table
from tongkao.engine.kernels.ranking import competition_rank, place_within
from tongkao.engine.kernels.rounding import round_points
from tongkao.engine.kernels.steps import bands
from tongkao.engine.kernels.treatment import (
    Treated,
    boxcox,
    clip,
    coin,
    log_plain,
    log_shift,
    signed_log_shift,
    winsorise,
)

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "Numeric",
    "Treated",
    "arithmetic",
    "ascending_rank",
    "bands",
    "base_step",
    "borda",
    "boxcox",
    "challenge",
    "clip",
    "coin",
    "column_mean",
    "column_median",
    "competition_rank",
    "completion",
    "copeland_net",
    "copeland_rate",
    "deduct",
    "distance_to_reference",
    "distance_to_target",
    "geometric",
    "harmonic",
    "identity",
    "interpolate",
    "log_plain",
    "log_shift",
    "minimum",
    "minmax",
    "mix",
    "percentile",
    "place_within",
    "power",
    "rank_linear",
    "rank_step",
    "rank_table",
    "ratio_to_best",
    "round_points",
    "row_mean",
    "row_median",
    "signed_log_shift",
    "target",
    "weighted_median",
    "winsorise",
    "zscore",
]
