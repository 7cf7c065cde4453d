"""Write the method page, which all reports link, from docs/method.md."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from peaks2motifs.core.joblog import joblog
from peaks2motifs.pages.page import render, save

NOTE = re.compile(r"^\[\^(\w+)\]: (.+)\n?", re.MULTILINE)
MARKS = re.compile(r"(?:\[\^\w+\])+")


def write_method(text: str, page: str, templates: Mapping[str, str], version: str) -> None:
    """Write method.html from the Markdown file `text`; `templates` are the files of `render`."""
    markdown = Path(text).read_text()
    tests = dict(NOTE.findall(markdown))
    sections = NOTE.sub("", markdown).split("\n## ")
    rendered = to_html("\n## ".join(list_notes(section, tests) for section in sections))
    context = {"text": rendered, "version": version}
    save(render(**templates, context=context), page)
    print(f"{page}: {len(rendered):,} characters")


def list_notes(section: str, tests: Mapping[str, str]) -> str:
    """Number the footnotes of a section and list their tests at its end.

    `tests` holds the text of each footnote. Footnotes that follow one another share a number.
    """
    notes = []

    def replace_marks(marks: re.Match) -> str:
        notes.append(", ".join(tests[name] for name in re.findall(r"\w+", marks[0])))
        return f"<sup>({len(notes)})</sup>"

    body = MARKS.sub(replace_marks, section)
    listed = "\n".join(f"{number}. {note}" for number, note in enumerate(notes, start=1))
    return f'{body}\n\n<div class="tests">\n\n{listed}\n\n</div>\n' if notes else section


def to_html(markdown: str) -> Markup:
    """Convert Markdown to HTML, with an id for each heading, made of its words."""
    parser = MarkdownIt()
    tokens = parser.parse(markdown)
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", "-".join(re.findall(r"\w+", words.content.lower())))
    return Markup(parser.renderer.render(tokens, parser.options, {}))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_method(
            text=snakemake.input.text,
            page=snakemake.output[0],
            templates={key: snakemake.input[key] for key in ("template", "style", "script")},
            version=snakemake.params.version,
        )
