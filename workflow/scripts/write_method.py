"""Write the page on method, which all reports link, from docs/method.md."""

from collections.abc import Mapping
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from peaks2motifs import pages
from peaks2motifs.joblog import joblog


def write_method(text: str, page: str, templates: Mapping[str, str], version: str) -> None:
    """Write method.html from the Markdown file `text`; `templates` are as `pages.render` takes."""
    rendered = Markup(MarkdownIt().render(Path(text).read_text()))
    context = {"text": rendered, "version": version}
    pages.save(pages.render(**templates, context=context), page)
    print(f"{page}: {len(rendered):,} characters")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_method(
            text=snakemake.input.text,
            page=snakemake.output[0],
            templates={key: snakemake.input[key] for key in ("template", "style", "script")},
            version=snakemake.params.version,
        )
