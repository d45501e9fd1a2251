"""Makes the pictures of the site from the case studies: `make pictures`. Wants chromium, LibreOffice and pdftoppm.

What is shown is what the program puts out, at the size at which people see it. Answers for the survey are invented
here, from a seed. Pictures are saved with a palette: they lie in the repository.
"""

from __future__ import annotations

import csv
import html
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
_COLOURS = 64
_MARGIN = 20
_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff }}
pre {{ display: inline-block; max-width: 106ch; margin: 0; padding: 16px 20px; background: #f7f7f5; color: #222;
       font: 14px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap }}
</style><pre><b>$ {command}</b>
{said}</pre>"""


def main() -> None:
    """Make every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _sroi(work, "new", "befriending.yaml", "--example", "befriending")
        _sroi(work, "new", "befriending.xlsx", "--example", "befriending")
        _terminal(work, "evaluate", ["evaluate", "befriending.yaml"], lines=18)
        _terminal(work, "check", ["check", "befriending.xlsx"], lines=34)
        _write_answers(work / "answers.csv")
        _terminal(work, "survey", ["survey", "answers.csv", *_COLUMNS], lines=26)
        _sroi(work, "report", "befriending.yaml", "--out", "report", "--audience", "board", "--formats", "html")
        _save(_trimmed(_page(work / "report" / "report.html", 940, 1640)), "report")
        _sroi(work, "explorer", "befriending.yaml", "--out", "explorer.html")
        _save(_page(work / "explorer.html", 1280, 1060, at="#try"), "explorer")
        _sroi(work, "sensitivity", "befriending.yaml", "--out", "what_if")
        _save(Image.open(work / "what_if" / "figures" / "tornado.png"), "tornado", width=1000)
        _workbook(work)
        _portfolio(work)


_COLUMNS = ["--before", "Start", "--after", "End", "--person", "Person", "--group", "Arm", "--treated", "club"]
_COLUMNS += ["--scale", "0-10", "--improved-by", "1"]


def _sroi(work: Path, *words: str) -> str:
    """Return what a command of the program says."""
    run = subprocess.run(
        [sys.executable, "-m", "sroi", *words], cwd=work, env=_surroundings(), capture_output=True, encoding="utf-8"
    )
    if run.returncode:
        raise SystemExit(f"sroi {' '.join(words)}: {run.stdout}{run.stderr}")
    return run.stdout


def _surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "NO_COLOR": "1"}


def _write_answers(path: Path) -> None:
    """Write invented answers of a club and its waiting list."""
    chance = random.Random(3)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["Person", "Arm", "Start", "End"])
        for number in range(80):
            arm = "club" if number % 2 else "waiting list"
            start = chance.randint(3, 7)
            moved = chance.choice([-2, -1, 0, 1, 1, 2, 3] if arm == "club" else [-1, -1, 0, 0, 1])
            table.writerow([f"p{number}", arm, start, start + moved if chance.random() < 0.8 else ""])


def _terminal(work: Path, name: str, words: list[str], lines: int) -> None:
    """Make a picture of what a command says: its first lines."""
    said = _sroi(work, *words).splitlines()
    shown = [*said[:lines], *([".."] if len(said) > lines else [])]
    command = " ".join(["sroi", *words])
    page = work / f"{name}.html"
    page.write_text(
        _TERMINAL.format(command=html.escape(command), said=html.escape("\n".join(shown))), encoding="utf-8"
    )
    _save(_trimmed(_page(page, 1080, 1000)), name)


def _page(page: Path, width: int, height: int, at: str = "body") -> Image.Image:
    """Return a page as a browser shows it, scrolled to the part that `at` names."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": width, "height": height})
        shown.goto(page.as_uri())
        shown.locator(at).evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top - 60)")
        shown.wait_for_timeout(300)
        picture = shown.screenshot()
        browser.close()
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB")


def _workbook(work: Path) -> None:
    """Make a picture of the sheet Result, as LibreOffice prints it."""
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(work), "befriending.xlsx"]
    subprocess.run(command, cwd=work, check=True, capture_output=True, timeout=300)
    pages = subprocess.run(
        ["pdftotext", "-layout", "befriending.pdf", "-"], cwd=work, check=True, capture_output=True, encoding="utf-8"
    ).stdout.split("\f")
    number = next(place for place, text in enumerate(pages, 1) if "SROI ratio" in text and "Payback" in text)
    subprocess.run(
        ["pdftoppm", "-r", "110", "-png", "-f", str(number), "-l", str(number), "befriending.pdf", "sheet"],
        cwd=work,
        check=True,
    )
    with Image.open(next(work.glob("sheet*.png"))) as image:
        part = (0, 0, round(image.width * 0.72), round(image.height * 0.7))
        _save(_trimmed(image.convert("RGB").crop(part)), "workbook")


def _portfolio(work: Path) -> None:
    """Make a picture of the report of a folder of value maps: the case studies."""
    (work / "maps").mkdir()
    for path in sorted((ROOT / "case_studies").glob("*/value_map.yaml")):
        shutil.copy(path, work / "maps" / f"{path.parent.name}.yaml")
    notebook = str(ROOT / "templates" / "portfolio.ipynb")
    _sroi(work, "run-one", "--template", notebook, "--out", "whole", "-p", "batch", str(work / "maps"))
    page = next((work / "whole").glob("files/*/portfolio.html"))
    _save(_trimmed(_page(page, 1000, 1100)), "portfolio")


def _trimmed(image: Image.Image) -> Image.Image:
    """Return a picture without its empty margin."""
    corner = image.getpixel((image.width - 1, image.height - 1))
    box = ImageChops.difference(image, Image.new("RGB", image.size, corner)).getbbox()
    if box is None:
        return image
    left, top, right, bottom = box
    framed = Image.new("RGB", (right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN), corner)
    framed.paste(image.crop(box), (_MARGIN, _MARGIN))
    return framed


def _save(image: Image.Image, name: str, width: int = 1280) -> None:
    """Save a picture with a palette, no wider than `width`."""
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    image.convert("RGB").quantize(_COLOURS).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
