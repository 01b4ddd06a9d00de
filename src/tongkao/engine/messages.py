"""Words of the problems that stop a marking."""

from __future__ import annotations

from tongkao.errors import declare

MISSING_VALUE = declare(
    "engine.missing",
    zh="没有数值（未报，或算式、插补得不出数），而方案规定此时停止计分（error）；请补报，或为该指标另定缺数的处理办法",
    en="there is no value (not reported, or neither expression nor imputation gives one), and the scheme says that marking "
    "stops then (error); report it, or give the indicator another policy",
)
NOT_APPLICABLE_VALUE = declare(
    "engine.not_applicable",
    zh="该指标不适用于此单位，而方案规定此时停止计分（not_applicable: error）",
    en="the indicator is not applicable to the unit, and the scheme says that marking stops then (not_applicable: error)",
)
NO_TARGET = declare(
    "engine.no_target",
    zh="计分方法 {method} 要用 targets 表的 {which} 列，其中没有此单位的数值",
    en="method {method} needs a {which}, and the table of targets has none for the unit",
)
NO_ANSWER = declare(
    "engine.no_answer",
    zh="计分方法 {method} 对数值 {value} 算不出得分率（除数为零，或比较组中没有数值）",
    en="method {method} has no answer for the value {value} (division by zero, or no value in the comparison group)",
)
NOT_POSITIVE = declare(
    "engine.not_positive",
    zh="合成方法 {aggregate} 要求各下级的得分率都大于 0，这里 {child} 为 {rate}",
    en="the {aggregate} mean needs rates above 0; {child} has {rate}",
)
TIED = declare(
    "engine.tied",
    zh="总分并列，而方案规定不得并列（ties.otherwise: error）：{units}",
    en="equal totals, and the scheme allows none (ties.otherwise: error): {units}",
)
OVER_QUOTA = declare(
    "engine.over_quota",
    zh="名额 {quota}：{city} 的等次为 {tier}，可推荐 {allowed} 个，实际推荐 {given} 个（{units}）",
    en="quota {quota}: the tier of {city} is {tier}, which allows {allowed} nominations, but {given} were made ({units})",
)
NOMINEE_DISQUALIFIED = declare(
    "engine.nominee_disqualified",
    zh="名额 {quota}：{unit} 已被一票否决，不得推荐",
    en="quota {quota}: {unit} is disqualified and cannot be nominated",
)
REFERENCE_MISSING = declare(
    "engine.reference_missing",
    zh="参照单位 {reference} 没有该指标的数值，无法计分",
    en="the reference unit {reference} has no value of the indicator, so nobody can be scored against it",
)
