"""An invented county of five towns that shows what an explanation has to explain: weights, gaps, events, tiers, awards."""

from __future__ import annotations

from pathlib import Path

import tongkao
from tongkao import Result

SCHEME = """\
tongkao: 1
id: towns-2020
title: {zh: 示例县乡镇考核（虚构）, en: Assessment of invented towns}
year: 2020
full_mark: 100
rounding: {at: [total], places: 2, mode: half_up}
missing: error
indicators:
  output:
    title: {zh: 人均产值, en: Output per head}
    unit_of_measure: 元
    value: production * 10000 / population
    score: {method: minmax, low: 60, high: 100}
  air:
    title: {zh: 细颗粒物, en: PM2.5}
    direction: down
    score: {method: target, cap: 100, floor: 0}
    binding: {require: value <= target, effect: {tier_at_most: second}}
  roads:
    title: {zh: 公路, en: Roads}
    missing: redistribute
    score: {method: identity}
  boats:
    title: {zh: 渔船安全, en: Safety of boats}
    not_applicable: redistribute_equally
    score: {method: identity}
  schools:
    title: {zh: 学校, en: Schools}
    missing: {impute: mean, within: class}
    score: {method: identity}
  clinics:
    title: {zh: 卫生院, en: Clinics}
    missing: {carry_forward: true, otherwise: {floor: 60}}
    score: {method: identity}
  spirit:
    title: {zh: 作风, en: Spirit}
    score:
      method: mix
      parts:
        - {share: 0.6, score: {method: identity, cap: 100}}
        - {share: 0.4, value: growth(spirit), score: {method: bands, bands: [[5, 100], [0, 80], [-100, 50]]}}
tracks:
  town:
    title: {zh: 乡镇, en: Towns}
    unranked: [戊镇]
    tree:
      - id: development
        title: {zh: 发展, en: Development}
        points: 50
        children:
          - {indicator: output, points: {default: 30, coast: 20}}
          - {indicator: air, points: {default: 20, coast: 30}}
      - id: services
        title: {zh: 服务, en: Services}
        points: 40
        aggregate: geometric
        children:
          - {indicator: roads, weight: 1}
          - {indicator: boats, weight: 1}
          - {indicator: schools, weight: {by: role, default: 2, hub: 3}}
          - {indicator: clinics, weight: 1}
      - {indicator: spirit, points: 10}
    tiers:
      - {id: first, title: {zh: 第一等次, en: First tier}, count: 1, gates: {services: 50}}
      - {id: second, title: {zh: 第二等次, en: Second tier}, share: 0.5}
      - {id: third, title: {zh: 第三等次, en: Third tier}}
    backfill: true
    limits: {bonus: 2}
    awards:
      - {id: advancement, title: {zh: 进位奖, en: Advancement award}, when: rank_change >= 1 and tier != "third"}
      - {id: schools_best, title: {zh: 教育奖, en: Schools award}, top: 1, by: rate("schools"), each: class}
events:
  praise: {title: {zh: 上级表彰, en: Commendation}, effect: {bonus: 1, cap: 3}}
  ledger: {title: {zh: 随意索要台账, en: Asking for ledgers}, effect: {deduct: 0.5, at: development}}
  false_data: {title: {zh: 数据造假, en: Falsified data}, effect: {void: indicator, deduct: 3}}
  fire: {title: {zh: 重大火灾, en: Major fire}, effect: {tier_down: 1}}
"""
UNITS = """\
unit,track,class,name_zh,name_en,role
甲镇,town,coast,甲镇,Jia,hub
乙镇,town,coast,乙镇,Yi,
丙镇,town,inland,丙镇,Bing,
丁镇,town,inland,丁镇,Ding,
戊镇,town,inland,戊镇,Wu,
"""
OBSERVATIONS = """\
unit,indicator,period,value,state,source
甲镇,production,2020,12,,年报
甲镇,population,2020,40000,,公报
甲镇,air,2020,20,,监测站
甲镇,roads,2020,90,,
甲镇,boats,2020,80,,
甲镇,schools,2020,100,,
甲镇,clinics,2020,64,provisional,
甲镇,spirit,2020,88,,
甲镇,spirit,2019,80,,
乙镇,production,2020,9,,年报
乙镇,population,2020,45000,,公报
乙镇,air,2020,32,,监测站
乙镇,roads,2020,,,
乙镇,boats,2020,70,,
乙镇,schools,2020,,,
乙镇,clinics,2018,75,,老报表
乙镇,spirit,2020,84,,
乙镇,spirit,2019,84,,
丙镇,production,2020,5,,年报
丙镇,population,2020,50000,,公报
丙镇,air,2020,25,,监测站
丙镇,roads,2020,60,,
丙镇,boats,2020,,not_applicable,
丙镇,schools,2020,90,,
丙镇,clinics,2020,,,
丙镇,spirit,2020,70,,
丙镇,spirit,2019,100,,
丁镇,production,2020,4,,年报
丁镇,population,2020,20000,,公报
丁镇,air,2020,20,,监测站
丁镇,roads,2020,80,,
丁镇,boats,2020,,not_applicable,
丁镇,schools,2020,70,,
丁镇,clinics,2020,90,disputed,
丁镇,spirit,2020,95,,
丁镇,spirit,2019,90,,
戊镇,production,2020,3,,年报
戊镇,population,2020,10000,,公报
戊镇,air,2020,50,,监测站
戊镇,roads,2020,40,,
戊镇,boats,2020,,not_applicable,
戊镇,schools,2020,50,,
戊镇,clinics,2020,50,,
戊镇,spirit,2020,50,,
戊镇,spirit,2019,50,,
"""
TARGETS = """\
unit,indicator,period,target
,air,2020,25
"""
EVENTS = """\
event,unit,date,count,points,indicator,note,evidence
praise,甲镇,2020-05-01,4,,,省里表彰,文件一
ledger,甲镇,2020-06-01,1,,,,
fire,甲镇,2020-07-01,1,,,,
false_data,丙镇,2020-08-01,1,,output,虚报产值,核查报告
"""
HISTORY = """\
year,track,unit,total,rank,tier
2019,town,甲镇,90,1,first
2019,town,乙镇,80,2,second
2019,town,丙镇,70,3,third
2019,town,丁镇,60,4,third
"""
FILES = {
    "scheme.yaml": SCHEME,
    "units.csv": UNITS,
    "observations.csv": OBSERVATIONS,
    "targets.csv": TARGETS,
    "events.csv": EVENTS,
    "history.csv": HISTORY,
}


def write(folder: Path, **changes: str) -> Path:
    """Write the folder; ``changes`` replaces whole files by their stem."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(changes.get(name.split(".")[0], text), encoding="utf-8")
    return folder


def marked(folder: Path, **changes: str) -> Result:
    """Write and mark the folder."""
    return tongkao.score(tongkao.read_folder(write(folder, **changes)))
