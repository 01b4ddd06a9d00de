"""Other ways to make one order of many indicators, for analysis beside an official scheme and not in place of one.

Each is a function of values (n, m), weights (m,) and directions (m,), and gives (n,) scores of which more is better. Values
must be complete; weights on any scale are made to add to 1.
"""

from tongkao.robustness.comparisons.aras import aras
from tongkao.robustness.comparisons.copeland import copeland
from tongkao.robustness.comparisons.copras import copras
from tongkao.robustness.comparisons.edas import edas
from tongkao.robustness.comparisons.mabac import mabac
from tongkao.robustness.comparisons.moora import moora
from tongkao.robustness.comparisons.prepared import Scale, normalise
from tongkao.robustness.comparisons.promethee import promethee
from tongkao.robustness.comparisons.spotis import spotis
from tongkao.robustness.comparisons.topsis import topsis
from tongkao.robustness.comparisons.vikor import Compromise, vikor, vikor_measures
from tongkao.robustness.comparisons.waspas import waspas
from tongkao.robustness.comparisons.weighted import weighted_product, weighted_sum

__all__ = [
    "Compromise",
    "Scale",
    "aras",
    "copeland",
    "copras",
    "edas",
    "mabac",
    "moora",
    "normalise",
    "promethee",
    "spotis",
    "topsis",
    "vikor",
    "vikor_measures",
    "waspas",
    "weighted_product",
    "weighted_sum",
]
