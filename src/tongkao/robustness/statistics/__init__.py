"""Statistics of an assessment: what the data look like before anyone believes the ranks that are made of them.

Every function is pure: arrays of units × columns go in, NaN meaning that there is no value; numbers come out whose bits do not
depend on the order of units and columns. :mod:`tongkao.reports.statistics` makes tables of them, without NaN.
"""

from tongkao.robustness.statistics.availability import Availability, by_group, count_available
from tongkao.robustness.statistics.components import Components, principal_components
from tongkao.robustness.statistics.consistency import Consistency, cronbach
from tongkao.robustness.statistics.correlation import Correlations, Kind, Moments, correlate, moments
from tongkao.robustness.statistics.descriptive import Description, Limits, describe
from tongkao.robustness.statistics.discrimination import Discrimination, discriminate
from tongkao.robustness.statistics.measured import (
    STAGES,
    Measured,
    Stage,
    bounds,
    denominators,
    measured,
    membership,
    own_years,
    whole_signs,
    whole_values,
)
from tongkao.robustness.statistics.outranking import outranking
from tongkao.robustness.statistics.redundancy import Pair, pairs_with_denominators, remarkable_pairs
from tongkao.robustness.statistics.standing import Item, group_places, strengths_and_weaknesses, value_places
from tongkao.robustness.statistics.trends import Trends, trends

__all__ = [
    "STAGES",
    "Availability",
    "Components",
    "Consistency",
    "Correlations",
    "Description",
    "Discrimination",
    "Item",
    "Kind",
    "Limits",
    "Measured",
    "Moments",
    "Pair",
    "Stage",
    "Trends",
    "bounds",
    "by_group",
    "correlate",
    "count_available",
    "cronbach",
    "denominators",
    "describe",
    "discriminate",
    "group_places",
    "measured",
    "membership",
    "moments",
    "outranking",
    "own_years",
    "pairs_with_denominators",
    "principal_components",
    "remarkable_pairs",
    "strengths_and_weaknesses",
    "trends",
    "value_places",
    "whole_signs",
    "whole_values",
]
