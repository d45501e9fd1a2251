"""Links to folders of the repository: they serve where it is read, and on the site, which has no folders, are words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Let a link to a folder that is there stand as its words; one to nowhere stays a warning."""
    app.connect("doctree-read", _words_alone)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _words_alone(app: Sphinx, tree: nodes.document) -> None:
    here = Path(tree["source"]).parent
    for link in list(tree.findall(pending_xref)):
        if link.get("reftype") == "myst" and link.get("refdomain") != "doc" and (here / link["reftarget"]).is_dir():
            link.replace_self(link.children)
