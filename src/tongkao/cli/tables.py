"""Tables on a terminal and in a pipe: Chinese is two columns wide, nothing is cut where nobody looks at a screen."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table

#: wide enough for any line where the output goes to a file
UNLIMITED = 100_000
#: a line of dashes below the header, and nothing else
PLAIN = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        title: Its header.
        cells: Its cells.
        justify: Numbers stand at the right.
    """

    title: str
    cells: Sequence[str]
    justify: Literal["left", "right"] = "left"


def print_table(columns: Sequence[Column]) -> None:
    """Print a table: with lines and fitted to the screen on a terminal, as plain text in full width elsewhere."""
    is_screen = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    table = Table(box=box.SIMPLE_HEAD if is_screen else PLAIN, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        # Text stays text: a unit's name in square brackets is no mark-up.
        table.add_column(column.title, justify=column.justify, no_wrap=not is_screen, overflow="fold")
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*row)
    if is_screen:
        Console(markup=False, highlight=False, emoji=False).print(table)
        return
    text = io.StringIO()
    Console(file=text, width=UNLIMITED, markup=False, highlight=False, emoji=False, color_system=None).print(table)
    print("\n".join(line.rstrip() for line in text.getvalue().splitlines()))
