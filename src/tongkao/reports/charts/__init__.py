"""Charts as standalone SVG: own functions on plain numbers, readable in black and white, in Chinese and English.

Every chart carries a title and a description for screen readers, uses shape, pattern and label besides shade, names fonts by
family only and calls no external address. A chart is laid out for a width, :data:`DESK` or :data:`PHONE`; nothing is shrunk to
fit.
"""

from tongkao.reports.charts.bars import Index, draw_bars
from tongkao.reports.charts.bump import draw_bump
from tongkao.reports.charts.common import DESK, PHONE
from tongkao.reports.charts.heat import draw_heat
from tongkao.reports.charts.intervals import Interval, draw_intervals
from tongkao.reports.charts.tornado import Swing, draw_tornado

__all__ = [
    "DESK",
    "PHONE",
    "Index",
    "Interval",
    "Swing",
    "draw_bars",
    "draw_bump",
    "draw_heat",
    "draw_intervals",
    "draw_tornado",
]
