"""How the documentation becomes a site: `make site`. Nothing is fetched, neither while building nor while reading."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from sphinx.application import Sphinx  # noqa: E402

from sroi.version import __version__  # noqa: E402

project = "sroi"
author = "The sroi authors"
copyright = "The sroi authors. MIT licence"
release = version = __version__
language = "en-GB"

# The pages lie where they are read without a site too, so that one relative link serves both: the project is the root.
root_doc = "docs/index"
include_patterns = ["docs/**", "case_studies/*/README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
exclude_patterns = [".*", "build", "dist", "sroi", "tests", "benchmarks", "templates", "notebooks", "docs/generators"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "generators.mathml",
    "generators.filling",
    "generators.docstrings",
    "generators.folders",
]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["attrs_inline", "deflist"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 3
smartquotes = False  # words and options stand as they are typed
# `-n` asks after every reference. Python's to other libraries lead nowhere: nothing is fetched to find out where.
nitpick_ignore_regex = [("py:.*", ".*")]

# In a docstring `one_way` is code, and a link where the site has it.
default_role = "py:obj"
autodoc_typehints_format = "short"
autodoc_type_aliases = {"Array": "Array", "ArrayLike": "ArrayLike"}
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False

html_theme = "furo"
html_title = "sroi"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """Let the site's folder open by its own index."""
    app.connect("build-finished", _write_index)
    app.connect("build-finished", _mend_pages)
    app.connect("html-page-context", _level_captions, priority=900)


def _level_captions(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Give the captions of the contents the level that a screen reader asks of a heading."""
    contents = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = contents.replace('role="heading"', 'role="heading" aria-level="2"')


# What the theme leaves to be said for those who hear a page or go through it by keyboard: the names of its two columns
# of contents, and that a piece of code wider than the screen can be reached to be scrolled.
_MENDED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages of this site">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<aside class="toc-drawer no-toc">': '<aside class="toc-drawer no-toc" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',
}


def _mend_pages(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            mended = page
            for found, better in _MENDED.items():
                mended = mended.replace(found, better)
            if mended != page:
                path.write_text(mended, encoding="utf-8")


def _write_index(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        (Path(app.outdir) / "index.html").write_text(_INDEX, encoding="utf-8")


# The pages lie where the repository has them; whoever opens the folder is led to the first.
_INDEX = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>sroi</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"></head>
<body><h1>sroi</h1><p><a href="docs/index.html">The documentation</a></p></body></html>
"""
