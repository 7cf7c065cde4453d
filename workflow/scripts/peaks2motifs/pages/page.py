"""Fill a template and save the page.

A page is one HTML file that needs no other: it contains style, script, logos and figures. Templates
only lay out the values that scripts compute.
"""

import base64
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from peaks2motifs.core import limits
from peaks2motifs.pages.logos import glyph_definitions
from peaks2motifs.pages.numbers import FILTERS


def render(template: str, style: str, script: str, context: dict) -> str:
    """Fill the Jinja template file with `context`, the limits of `core.limits` and the filters.

    `style` and `script` are the CSS and JavaScript files that the page contains.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {f.__name__: f for f in FILTERS}
    page = environment.from_string(Path(template).read_text())
    shared = {
        "style": Markup(Path(style).read_text()),
        "script": Markup(Path(script).read_text()),
        "glyphs": Markup(glyph_definitions()),
        "limits": limits,
    }
    return page.render(**shared, **context)


def save(text: str, page: str) -> None:
    """Write a page whole or not at all, even if the run is killed."""
    unfinished = Path(f"{page}.part")
    unfinished.write_text(text)
    unfinished.replace(page)


def data_uri(path: str) -> str:
    """Encode an SVG file as a data URI."""
    return "data:image/svg+xml;base64," + base64.b64encode(Path(path).read_bytes()).decode()
