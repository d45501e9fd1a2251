"""Files that people go on editing: sealed when they are written, so that a rerun knows which of them somebody changed.

The seal is the SHA-256 of all parts of the file, kept in its own property `identifier`. Whatever Word, PowerPoint or
Excel saves differs from what was sealed, so an edited file is told apart without anything beside it, wherever it moved.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

from sroi.reports.blocks import plain

EDITABLE = (".docx", ".pptx", ".xlsx")

_CORE = "docProps/core.xml"
_LARGEST = 300_000_000  # bytes unpacked: more than any report of ours
_LARGEST_PART = 10_000_000
_BLANK = "0" * 64
_SEAL = re.compile(rb"(>sroi:)([0-9a-f]{64})(</dc:identifier>)")
_IDENTIFIER = '<dc:identifier xmlns:dc="http://purl.org/dc/elements/1.1/">sroi:{}</dc:identifier>'
_OTHER = re.compile(rb"<dc:identifier\b[^>]*?(/>|>.*?</dc:identifier>)", re.DOTALL)
# When a part was made is not said: the same report is the same bytes on any day.
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", re.DOTALL)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def sealed(content: bytes) -> bytes:
    """Return an Office file as it is written: without dates, and with its seal."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    core = _DATES.sub(b"", _OTHER.sub(b"", parts[_CORE]))
    blank = _IDENTIFIER.format(_BLANK).encode()
    parts[_CORE] = re.sub(rb"</(?:\w+:)?coreProperties>", lambda end: blank + end[0], core)
    parts[_CORE] = parts[_CORE].replace(_BLANK.encode(), _hash(parts).encode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _hash(parts: dict[str, bytes]) -> str:
    """Return the hash of all parts, that of the seal itself taken as blank."""
    whole = hashlib.sha256()
    for name in sorted(parts):
        text = _SEAL.sub(rb"\g<1>" + _BLANK.encode() + rb"\g<3>", parts[name]) if name == _CORE else parts[name]
        whole.update(f"{name}\0{len(text)}\0".encode() + text)
    return whole.hexdigest()


def is_as_written(path: Path) -> bool:
    """Say whether a file is as we wrote it. One that cannot be read, or has no seal, counts as somebody's own work."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            if sum(part.file_size for part in listed) > _LARGEST:
                return False
            parts = {part.filename: archive.read(part) for part in listed}
    except Exception:  # a broken zip raises many kinds of error
        return False
    seal = _SEAL.search(parts.get(_CORE, b""))
    return len(parts) == len(listed) and seal is not None and seal[2].decode() == _hash(parts)


def place_for(path: Path) -> Path:
    """Return where a file may be written without loss: at its name, or at report_2.docx, report_3.docx, ..

    The first of these that is free, or holds what we wrote and nobody changed. A folder of that name is no document
    that somebody edited: its place is returned, and whoever writes there is refused.
    """
    if path.suffix.lower() not in EDITABLE:
        return path
    place, number = path, 1
    while place.is_file() and not is_as_written(place):
        number += 1
        place = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return place


# ---- the figures that a document was made with, kept within it ----

_FIGURES = "urn:sroi:figures"


def figures_part(figures: Mapping[str, str]) -> bytes:
    """Return the figures that a document tells as XML to be kept in it: it may be edited, and compared much later."""
    root = etree.Element(f"{{{_FIGURES}}}figures", nsmap={None: _FIGURES})
    for name, said in figures.items():
        etree.SubElement(root, f"{{{_FIGURES}}}figure", {"of": plain(name), "is": plain(said)})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def figures_kept(path: Path) -> dict[str, str] | None:
    """Return the figures that are kept in a document; None if it keeps none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                if part.filename.startswith("customXml/") and part.file_size < _LARGEST_PART:
                    text = archive.read(part)
                    if _FIGURES.encode() in text and b"<!" not in text:
                        tree = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
                        return {each.get("of") or "": each.get("is") or "" for each in tree}
    except Exception:  # a document that somebody edited may be broken in many ways
        return None
    return None
