"""An organisation's look: its colour, its logo, its own Word template. What strangers give is checked, all at once."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from sroi.errors import Problem, SroiError, TemplateRefused
from sroi.files.safety import read_bytes
from sroi.reports.word_template import checked_template

BLUE = "#00548a"
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text on its ground
LARGEST_LOGO = 5_000_000  # bytes
MOST_PIXELS = 40_000_000
LOGO_PIXELS = 900  # as kept, at its longer side


@dataclass(frozen=True)
class Logo:
    """A logo as PNG, drawn anew from the file given, so that nothing else of that file travels on."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Look:
    """How every format of a report looks: the colour of headings and rules, the logo, the Word template."""

    colour: str = BLUE
    logo: Logo | None = None
    word_template: bytes | None = None


def read_look(colour: str = "", logo: str | Path = "", word_template: str | Path = "") -> Look:
    """Return the look that these name; what is left empty is ours.

    Parameters: `colour` as "#005EA5", which must stand out from white at least 4.5 : 1; `logo`, a PNG or JPEG;
    `word_template`, a .docx or .dotx whose styles, headers and footers the Word document takes over. TemplateRefused
    names every fault of the three at once.
    """
    problems: list[Problem] = []
    chosen, picture, template = BLUE, None, None
    if str(colour).strip():
        try:
            chosen = _checked_colour(str(colour))
        except SroiError as error:
            problems += error.problems
    if str(logo).strip():
        try:
            picture = _read_logo(Path(logo))
        except SroiError as error:
            problems += [Problem(each.found, each.remedy, str(logo)) for each in error.problems]
    if str(word_template).strip():
        try:
            template = checked_template(Path(word_template))
        except SroiError as error:
            problems += [Problem(each.found, each.remedy, str(word_template)) for each in error.problems]
    if problems:
        raise TemplateRefused(problems)
    return Look(chosen, picture, template)


def contrast_on_white(colour: str) -> float:
    """Return how much a colour stands out from white, 1 (not at all) to 21 (black), as WCAG 2.2 reckons it.

    >>> round(contrast_on_white("#005ea5"), 2), round(contrast_on_white("#ffffff"), 2)
    (6.68, 1.0)
    """
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _checked_colour(text: str) -> str:
    written = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", text.strip())
    if written is None:
        found = f"the colour '{text[:40]}' is not written as colours are"
        raise TemplateRefused(Problem(found, "Give six hexadecimal digits, such as #005EA5."))
    digits = written[1].lower()
    colour = "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    contrast = contrast_on_white(colour)
    if contrast < LEAST_CONTRAST:
        found = f"the colour {colour} stands out from white only {_cut(contrast)} : 1, and text needs {LEAST_CONTRAST}"
        raise TemplateRefused(Problem(found, f"Give a darker shade, such as {_darkened(colour)}."))
    return colour


def _cut(contrast: float) -> str:
    """Return a contrast not rounded up: 4.48 is no 4.5."""
    return f"{int(contrast * 100) / 100:g}"


def _darkened(colour: str) -> str:
    """Return the lightest darker shade of a colour that stands out enough."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    for share in range(100, -1, -1):
        darker = "#" + "".join(f"{part * share // 100:02x}" for part in parts)
        if contrast_on_white(darker) >= LEAST_CONTRAST:
            return darker
    return "#000000"


def _read_logo(path: Path) -> Logo:
    content = read_bytes(path, LARGEST_LOGO, "logo")
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if image.width * image.height > MOST_PIXELS:
                found = f"this picture has {image.width:,} by {image.height:,} pixels, more than a logo needs"
                raise TemplateRefused(Problem(found, f"Make it smaller: {LOGO_PIXELS} pixels are enough."))
            # Taken in, made smaller and written anew: only its pixels travel on.
            kept = image.convert("RGBA")
    except SroiError:
        raise
    except Exception:  # a broken picture raises many kinds of error
        found = "this is no PNG or JPEG picture"
        raise TemplateRefused(Problem(found, "Export the logo as PNG, and name that file.")) from None
    kept.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
    stream = io.BytesIO()
    kept.save(stream, "PNG")
    return Logo(stream.getvalue(), kept.width, kept.height)
