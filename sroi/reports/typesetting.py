"""How Typst is asked to set a page: with one of our own sources, and everything that it says beside it, as data."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sroi.errors import Problem, RunFailed
from sroi.reports.blocks import plain


def typeset(source: str, telling: Callable[[Path], dict[str, Any]], remedy: str, system_fonts: bool = True) -> bytes:
    """Return the bytes of a tagged PDF, marked as PDF/UA where all that asks for holds; RunFailed with the remedy.

    `source` is a file of this room, such as `page.typ`. `telling` puts images into the folder that it is given, and
    returns what the page says, which the source reads from `story.json`: no text is ever read as Typst's language.
    The same bytes for the same words, on any machine if `system_fonts` is no. Needs the package typst.
    """
    import typst

    # Typst may read files of this folder and no other.
    with tempfile.TemporaryDirectory(prefix="sroi-pdf-") as name:
        folder = Path(name).resolve()
        (folder / "story.json").write_text(json.dumps(telling(folder)), encoding="ascii")
        page = folder / source
        shutil.copyfile(Path(__file__).with_name(source), page)
        settings: dict[str, Any] = {"root": folder, "timestamp": 0, "ignore_system_fonts": not system_fonts}
        content: bytes
        try:
            content = typst.compile(page, pdf_standards="ua-1", **settings)
        except typst.TypstError:
            # PDF/UA refuses a letter for which this machine has no font. Tagged it is all the same.
            try:
                content = typst.compile(page, **settings)
            except typst.TypstError as error:
                found = f"the PDF could not be set ({plain(error.message)[:200]})"
                raise RunFailed(Problem(found, remedy)) from None
        return content
