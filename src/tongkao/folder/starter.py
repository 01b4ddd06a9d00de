"""``tongkao new``: a small folder of invented data that passes every check, to be changed into one's own."""

from __future__ import annotations

from pathlib import Path

from tongkao.errors import OutputError, Place, Problem, reason_of
from tongkao.folder.file_messages import CANNOT_WRITE, TARGET_NOT_EMPTY

_SCHEME = """\
# 考核方案。改成自己的即可；改完运行 tongkao check 查错。
# The scheme of an assessment. Change it to your own, then run tongkao check.
# 数据均为虚构。All data in this folder are invented.

tongkao: 1                  # 格式版本 / version of this format
id: starter-2025            # 方案代号：小写字母、数字、-、_ / lower-case letters, digits, - and _
title: {zh: 综合考核（起步示例）, en: Comprehensive assessment (starting example)}
year: 2025                  # 考核年度 / the year that is assessed
full_mark: 100              # 总分 / full mark of the total
rounding: {at: [total], places: 2, mode: half_up}   # 只在总分四舍五入 / rounded at the total only
missing: error              # 缺报就停下列出；也可 zero、redistribute 等 / stop and list; or zero, redistribute, ...
not_applicable: redistribute   # 不适用的项目，分值按比例分给同级 / its points go to its siblings

# 指标：每个指标怎样取值、怎样计分。
# Indicators: where each value comes from and how it is scored.
indicators:
  gdp_per_capita:
    title: {zh: 人均地区生产总值, en: GDP per capita}
    unit_of_measure: 元
    owner: 统计局             # 责任单位 / the responsible department
    value: gdp * 10000 / population   # 算式：观测值 gdp（亿元）除以 units.csv 的人口（万人）/ an expression
    direction: up           # up 越大越好，down 越小越好 / up: higher is better
    score: {method: minmax, low: 60, high: 100}   # 最差 60、最好 100，其余按线性 / linear from worst to best

  pm25:
    title: {zh: PM2.5 年均浓度, en: Annual mean PM2.5}
    unit_of_measure: 微克/立方米
    owner: 生态环境局
    direction: down
    score: {method: target, cap: 100, floor: 0}   # 按完成目标的程度，目标值在 targets.csv / targets are in targets.csv
    # 约束性指标：超过目标值就不能评第一等次。A binding indicator: above the target, no first tier.
    binding: {require: value <= target, effect: {tier_at_most: second}}

  satisfaction:
    title: {zh: 群众满意度, en: Public satisfaction}
    unit_of_measure: 分
    owner: 考核办
    score: {method: identity}   # 数值本身就是得分率 / the value is the rate

# 序列：用同一套考卷、列在同一张榜上的考核对象。
# Tracks: units that are assessed by the same papers and listed together.
tracks:
  city:
    title: {zh: 设区市, en: Cities}
    tree:                   # 下级分值之和必须等于上级 / points of children add up to the parent's
      - id: development
        title: {zh: 高质量发展成效, en: Development results}
        points: 60
        children:
          - {indicator: gdp_per_capita, points: {default: 40, north: 30}}   # 分类考核：north 类另定 / points by class
          - {indicator: pm25, points: {default: 20, north: 30}}
      - id: opinion
        title: {zh: 满意度评价, en: Satisfaction}
        points: 40
        children:
          - {indicator: satisfaction, points: 40}
    tiers:                  # 等次从高到低，最后一档不设名额 / the last tier is open
      - {id: first, title: {zh: 第一等次, en: First tier}, count: 1}
      - {id: second, title: {zh: 第二等次, en: Second tier}, share: 0.5}
      - {id: third, title: {zh: 第三等次, en: Third tier}}
    ties: {by: [development], otherwise: share}   # 总分相同先比发展成效，仍相同则并列 / ties
    awards:                 # 比上年进 2 位以上 / moved up by two places or more
      - {id: advancement, title: {zh: 争先进位奖, en: Advancement award}, when: rank_change >= 2}

# 事件：加分、扣分和降档。发生了什么记在 events.csv。
# Events: bonus, deduction, lower tier. What happened is in events.csv.
events:
  national_praise: {title: {zh: 国家表彰, en: National commendation}, effect: {bonus: 0.5, cap: 2}}
  ledger_request: {title: {zh: 随意索要台账资料, en: Asking for ledgers at will}, effect: {deduct: 0.5, cap: 3}}
"""

_UNITS = """\
unit,track,class,name_zh,name_en,population
donghe,city,south,东河市,Donghe,520
xishan,city,south,西山市,Xishan,410
nanping,city,north,南坪市,Nanping,365
beihu,city,north,北湖市,Beihu,298
"""
_OBSERVATIONS = """\
unit,indicator,period,value,state,source
donghe,gdp,2025,6240.5,reported,invented
xishan,gdp,2025,4305,reported,invented
nanping,gdp,2025,2555.5,reported,invented
beihu,gdp,2025,2384,provisional,invented
donghe,pm25,2025,31,reported,invented
xishan,pm25,2025,28.5,reported,invented
nanping,pm25,2025,36,reported,invented
beihu,pm25,2025,33,reported,invented
donghe,satisfaction,2025,88.2,reported,invented
xishan,satisfaction,2025,90.4,reported,invented
nanping,satisfaction,2025,86.9,reported,invented
beihu,satisfaction,2025,91.3,reported,invented
"""
_TARGETS = """\
unit,indicator,period,target
,pm25,2025,32
nanping,pm25,2025,37
beihu,pm25,2025,35
"""
_EVENTS = """\
event,unit,date,count,note
national_praise,xishan,2025-06-18,1,invented
ledger_request,donghe,2025-09,2,invented
"""
_HISTORY = """\
year,track,unit,total,rank,tier
2024,city,donghe,93.10,1,first
2024,city,xishan,91.25,2,second
2024,city,nanping,84.40,3,second
2024,city,beihu,83.85,4,third
"""

#: the files of a new folder by name
STARTER_FILES = {
    "scheme.yaml": _SCHEME,
    "units.csv": _UNITS,
    "observations.csv": _OBSERVATIONS,
    "targets.csv": _TARGETS,
    "events.csv": _EVENTS,
    "history.csv": _HISTORY,
}


def write_starter(path: str | Path) -> list[Path]:
    """Write a starting folder.

    Args:
        path: A folder that is empty or not there yet.

    Returns:
        The files that were written.

    Raises:
        OutputError: If there is something already, or nothing can be written.
    """
    folder = Path(path)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError([Problem(TARGET_NOT_EMPTY, Place(), {"path": str(folder)})])
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in STARTER_FILES.items():
            (folder / name).write_bytes(content.encode())
    except OSError as error:
        fields = {"path": str(folder), "reason": reason_of(error)}
        raise OutputError([Problem(CANNOT_WRITE, Place(), fields)]) from error
    return [folder / name for name in STARTER_FILES]
