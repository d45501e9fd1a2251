"""How figures look: colours, letters, two widths, and a figure as bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Text

from sroi.plots.folding import paragraph

BLUE, VERMILION, GREY, INK = "#0072B2", "#D55E00", "#595959", "#222222"

WIDE, NARROW = 7.2, 3.9  # inches: a page, and a telephone

_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 1.0,
    # Names and sums come from a map: "$5 to $10" is not mathematics.
    "text.parse_math": False,
    "text.usetex": False,
    "svg.hashsalt": "sroi",
    "svg.fonttype": "path",
}


# DejaVu comes with matplotlib. For scripts that it lacks, the first of these that the machine has.
_FALLBACKS = ("Noto Sans", "Noto Sans CJK SC", "Noto Sans Arabic", "Arial Unicode MS", "Microsoft YaHei", "PingFang SC",
              "Hiragino Sans", "Malgun Gothic", "WenQuanYi Zen Hei", "Nirmala UI")  # fmt: skip


@contextmanager
def style() -> Iterator[None]:
    """Draw in our style. A letter that no font here has is shown as a box, and its warning helps nobody."""
    known = set(font_manager.get_font_names())
    families = ["DejaVu Sans", *(name for name in _FALLBACKS if name in known)]
    with mpl.rc_context({**_STYLE, "font.family": families}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support .* natively")
        yield


def picture(draw: Callable[[Axes], Axes], width: float, height: float) -> Figure:
    """Return a figure of this size [inches] with one plot, drawn by `draw`."""
    with style():
        figure = _empty(width, height)
        draw(figure.subplots())
        figure.draw_without_rendering()
        # All has its place: it need not be sought again for every file that the figure becomes.
        figure.set_layout_engine(None)
    return figure


def image(figure: Figure, form: Literal["png", "svg"]) -> bytes:
    """Return a figure's bytes, PNG at 200 dpi or SVG; the same bytes for the same figure."""
    stream = io.BytesIO()
    with style():
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(stream, format=form, dpi=200, metadata=metadata)
    _let_go(figure)
    return stream.getvalue()


def _let_go(figure: Figure) -> None:
    """Free the canvas of a figure that was saved, with its six megabytes of dots: the figure's words hold on to it.

    The figure itself stays until Python next collects what refers to itself in circles.
    """
    if figure.canvas.manager is not None:
        return  # pyplot's, which knows its figures by their canvas
    for word in figure.findobj(Text):
        word._renderer = None  # type: ignore[attr-defined]
    FigureCanvasAgg(figure)


def axes_or_new(ax: Axes | None, height: float = 4.0) -> Axes:
    """Return the Axes given, or those of a new figure as wide as a page."""
    return _empty(WIDE, height).subplots() if ax is None else ax


def _empty(width: float, height: float) -> Figure:
    """Return an empty figure of this size [inches]."""
    figure = Figure(figsize=(width, height), layout="constrained")
    # Words are measured on a canvas of the figure's own, which knows them when they are measured again.
    FigureCanvasAgg(figure)
    return figure


def lay_out(axes: Axes) -> None:
    """Let the figure find the places of all that is on it, so that they can be measured."""
    figure = axes.figure
    while isinstance(figure, SubFigure):
        figure = figure.figure
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    else:
        figure.draw_without_rendering()


def is_narrow(axes: Axes) -> bool:
    """Say whether a figure is to be read on a telephone."""
    return bool(axes.figure.get_window_extent().width / axes.figure.dpi < 5)


def rows_height(rows: int, width: float, heading: str = "") -> float:
    """Return the height [inches] for so many rows with names above their bars, and a heading such as a decision."""
    narrow = width < 5
    lines = len(paragraph(heading, 50 if narrow else 92).split("\n")) if heading else 0
    return 1.3 + 0.48 * max(rows, 1) * (1.3 if narrow else 1.0) + 0.17 * (lines + narrow * (lines > 0))
