"""What the pages show: numbers in words, sections made of tables, and the page itself.

A page is one HTML file that needs no other: style, script, logos and figures are within it. The
templates only lay out; what they show is worked out here.
"""

import base64
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from peaks2motifs.pages.logos import (
    glyph_definitions,
)
from peaks2motifs.pages.numbers import FILTERS


def render(template: str, style: str, script: str, context: dict) -> str:
    """Fill the Jinja template file; `style` and `script` are files to be put into the page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {f.__name__: f for f in FILTERS}
    page = environment.from_string(Path(template).read_text())
    shared = {
        "style": Markup(Path(style).read_text()),
        "script": Markup(Path(script).read_text()),
        "glyphs": Markup(glyph_definitions()),
    }
    return page.render(**shared, **context)


def save(text: str, page: str) -> None:
    """Write a page whole or not at all, also where the run is killed."""
    part = Path(f"{page}.part")
    part.write_text(text)
    part.replace(page)


def data_uri(path: str) -> str:
    """An SVG file as an address that holds the whole picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(Path(path).read_bytes()).decode()
