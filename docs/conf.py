"""Settings of the documentation: ``python3 dev.py docs`` builds it, warnings being errors."""

from importlib.metadata import version as installed_version
from typing import Any

project = "Tongkao 统考"
author = "The Tongkao contributors"
copyright = "The Tongkao contributors"
version = release = installed_version("tongkao")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
language = "en"
html_theme = "furo"
html_title = f"Tongkao 统考 {version}"
html_show_sourcelink = False
html_copy_source = False
nitpicky = True


def _page_language(_app: Any, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Tell browsers and screen readers which pages are Chinese."""
    if pagename.endswith(".zh-CN"):
        context["language"] = "zh-CN"


def setup(app: Any) -> None:
    """Connect the above."""
    app.connect("html-page-context", _page_language)
