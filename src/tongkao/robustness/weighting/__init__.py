"""Ways to set weights: each a function on arrays of units by indicators, with its source.

Values must be complete: a method that has no rule for gaps refuses them, and says which columns have some.
"""

from tongkao.robustness.weighting.balance import Balance, balance, influences
from tongkao.robustness.weighting.budget import Budget, budget
from tongkao.robustness.weighting.components import first_component, pca
from tongkao.robustness.weighting.deviation import critic, entropy, merec, standard_deviation, variance
from tongkao.robustness.weighting.doubt import Doubt, benefit_of_the_doubt
from tongkao.robustness.weighting.effective import Change, change, effective_weights, weights_within
from tongkao.robustness.weighting.equal import equal
from tongkao.robustness.weighting.messages import AnalysisError
from tongkao.robustness.weighting.pairwise import RANDOM_INDEX, Pairwise, ahp, group_judgements

__all__ = [
    "RANDOM_INDEX",
    "AnalysisError",
    "Balance",
    "Budget",
    "Change",
    "Doubt",
    "Pairwise",
    "ahp",
    "balance",
    "benefit_of_the_doubt",
    "budget",
    "change",
    "critic",
    "effective_weights",
    "entropy",
    "equal",
    "first_component",
    "group_judgements",
    "influences",
    "merec",
    "pca",
    "standard_deviation",
    "variance",
    "weights_within",
]
