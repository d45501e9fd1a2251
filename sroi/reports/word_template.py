"""A stranger's Word template, looked through and made harmless: no macros, nothing fetched from elsewhere, no bombs."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from sroi.errors import FileRefused, Problem
from sroi.files.safety import read_bytes

LARGEST_TEMPLATE = 20_000_000  # bytes as packed
LARGEST_UNPACKED = 100_000_000
MOST_PARTS = 1_000

_SAVE = "Save it in Word as a plain document (.docx), and name that."
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_DEFINITION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
# Fields by which a document fetches from elsewhere, or starts something, when it is opened or printed.
_FETCHING = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|RD)\b", re.IGNORECASE)
# What points outwards and can be let go of, the text staying: a hyperlink, and where the template itself came from.
_DROPPED = ("/hyperlink", "/attachedTemplate")
_ACTIVE = ("vbaproject", "vbadata", "activex", "embeddings/", "afchunk")


def checked_template(path: Path) -> bytes:
    """Return a Word template's bytes as a plain .docx that fetches and runs nothing; FileRefused, saying why, if not.

    Links that lead out of the document are taken away, their text stays. Macros, embedded objects, pictures that are
    fetched, and fields that fetch or start something are refused.
    """
    content = read_bytes(path, LARGEST_TEMPLATE, "Word template")
    name = str(path)
    if path.suffix.lower() in (".docm", ".dotm"):
        raise FileRefused(Problem("this template may hold macros", _SAVE), name)
    if path.suffix.lower() not in (".docx", ".dotx"):
        raise FileRefused(Problem("this is not a Word document", "Name a .docx or .dotx file."), name)
    parts = _unpacked(content, name)
    active = sorted(part for part in parts if any(word in part.lower() for word in _ACTIVE))
    if active or b"macroEnabled" in parts.get(_TYPES, b""):
        what = f" ({active[0][:60]})" if active else ""
        raise FileRefused(Problem(f"this template holds macros or embedded objects{what}", _SAVE), name)
    parts[_TYPES] = parts.get(_TYPES, b"").replace(_TEMPLATE.encode(), _DOCUMENT.encode())
    for part in [part for part in parts if part.endswith(".rels")]:
        _cut_off(parts, part, name)
    _refuse_fetching_fields(parts, name)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, text in parts.items():
            packed.writestr(part, text)
    _try_out(stream.getvalue(), name)
    return stream.getvalue()


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of a packed document by name, within limits of number and size."""
    damaged = Problem("this file is damaged, or is no Word document", "Open it in Word and save it again as .docx.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        listed = [part for part in archive.infolist() if not part.is_dir()]
        if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > LARGEST_UNPACKED:
            found = f"this file unpacks to more than {LARGEST_UNPACKED // 10**6} MB or {MOST_PARTS:,} parts"
            raise FileRefused(Problem(found, "Do not open it if you do not know who made it."), name)
        if len({part.filename for part in listed}) < len(listed) or any(part.flag_bits & 1 for part in listed):
            raise FileRefused(damaged, name)
        parts = {part.filename: archive.read(part) for part in listed}
    except FileRefused:
        raise
    except Exception:  # a broken zip raises many kinds of error
        raise FileRefused(damaged, name) from None
    for part, text in parts.items():
        if part.endswith((".xml", ".rels")) and (_DEFINITION.search(text) or b"\x00" in text[:200]):
            found = f"the part {part[:60]} defines entities, which no template needs"
            raise FileRefused(Problem(found, "Do not open it if you do not know who made it."), name)
    return parts


def _parsed(text: bytes, part: str, name: str) -> Any:
    try:
        return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        found = f"its part {part[:60]} is damaged"
        raise FileRefused(Problem(found, "Open it in Word and save it again as .docx."), name) from None


def _cut_off(parts: dict[str, bytes], relations: str, name: str) -> None:
    """Take away what leads out of the document from one part's relations, and what in the part refers to it."""
    tree = _parsed(parts[relations], relations, name)
    outward = [each for each in tree if (each.get("TargetMode") or "").lower() == "external"]
    for each in outward:
        if not (each.get("Type") or "").endswith(_DROPPED):
            found = f"this template fetches something from elsewhere ({(each.get('Target') or '')[:80]})"
            raise FileRefused(Problem(found, "Put the picture or object itself into the template."), name)
    if not outward:
        return
    gone = {each.get("Id") for each in outward}
    for each in outward:
        tree.remove(each)
    parts[relations] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    owner = relations.replace("_rels/", "").removesuffix(".rels")
    if owner not in parts:
        return
    body = _parsed(parts[owner], owner, name)
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or not gone & set(element.attrib.values()):
            continue
        parent = element.getparent()
        if parent is None:
            continue
        place = parent.index(element)
        children = list(element) if element.tag == f"{{{_W}}}hyperlink" else []
        parent[place : place + 1] = children
    parts[owner] = etree.tostring(body, xml_declaration=True, encoding="UTF-8", standalone=True)


def _refuse_fetching_fields(parts: dict[str, bytes], name: str) -> None:
    for part, text in parts.items():
        if not part.startswith("word/") or not part.endswith(".xml") or b"instr" not in text:
            continue
        tree = _parsed(text, part, name)
        # A field's code may be cut into several runs: they are read together, paragraph by paragraph.
        for paragraph in tree.iter(f"{{{_W}}}p"):
            code = "".join(each.text or "" for each in paragraph.iter(f"{{{_W}}}instrText"))
            simple = [each.get(f"{{{_W}}}instr") or "" for each in paragraph.iter(f"{{{_W}}}fldSimple")]
            fetched = _FETCHING.search(" ".join([code, *simple]))
            if fetched:
                found = f"this template has a field that fetches or starts something ({fetched[1].upper()})"
                raise FileRefused(Problem(found, "Take the field out in Word (Ctrl+Shift+F9)."), name)


def _try_out(content: bytes, name: str) -> None:
    from docx import Document

    try:
        _ = Document(io.BytesIO(content)).sections[0]
    except Exception:  # python-docx raises many kinds of error on a broken document
        found = "this file is damaged, or is no Word document"
        raise FileRefused(Problem(found, "Open it in Word and save it again as .docx."), name) from None
