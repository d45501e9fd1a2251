"""Boundaries that the user gives as GeoJSON: read within limits, held to what the format allows, matched to places."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sroi.commissioning.place.gazetteer import find_place, plain_name
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.formulas import Array
from sroi.reading import shown

LARGEST_FILE = 40_000_000  # bytes
MOST_FEATURES, MOST_POINTS = 20_000, 2_000_000
_DEEPEST = 4  # geometry collections within each other
_MOST_PROBLEMS = 20
_MOST_LOOKED_AT, _LONGEST_NAME = 40, 200  # properties of a feature, and letters of one
_AREAS = ("Polygon", "MultiPolygon", "GeometryCollection")


@dataclass(frozen=True, eq=False)
class Shape:
    """The outline of one place: rings of points, shape (n, 2), closed; outer ones run left about, holes right about."""

    name: str
    rings: tuple[Array, ...]


@dataclass(frozen=True, eq=False)
class Boundaries:
    """The shapes of a file by the plain name of their place; `by_property` is what told which is which.

    `geographic`: whether the points are degrees of longitude and latitude.
    """

    file: str
    by_property: str
    shapes: Mapping[str, Shape]
    geographic: bool
    notes: tuple[str, ...]

    def of(self, name: str) -> Shape | None:
        """Return the shape of a place by its one name."""
        return self.shapes.get(plain_name(name))


def read_boundaries(
    path: str | Path, one_name: Callable[[str], str], wanted: Iterable[str], by_property: str = ""
) -> Boundaries:
    """Return the boundaries in a GeoJSON file.

    Parameters: `one_name`, which gives the one name of a place by any writing or code; `wanted`, the one names that the
    map is about; `by_property`, the property that names the places: empty, the one that names most of the wanted.
    Raises FileRefused for what is no GeoJSON of areas, with every fault of its first ones.
    """
    from sroi.files.safety import read_bytes

    file = str(path)
    features = _features(read_bytes(Path(path), LARGEST_FILE, "file of boundaries"), file)
    keys = {plain_name(each) for each in wanted}
    chosen = _property(features, one_name, keys, by_property, file)
    reader = _Rings()
    shapes: dict[str, list[Array]] = {}
    names: dict[str, str] = {}
    for place, feature in enumerate(features, start=1):
        value = feature["properties"].get(chosen)
        label = "" if value is None else str(value).strip()
        rings = list(reader.of_feature(feature, f"feature {place}{f' ({label[:40]})' if label else ''}"))
        if label and rings:
            name = one_name(label)
            shapes.setdefault(plain_name(name), []).extend(rings)
            names.setdefault(plain_name(name), name)
    if reader.problems:
        raise FileRefused(reader.problems[:_MOST_PROBLEMS], file)
    if not shapes:
        raise FileRefused(Problem("no feature has an area", "Give polygons, not points or lines."), file)
    ends = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for rings in shapes.values() for ring in rings])
    low, high = ends[:, :2].min(axis=0), ends[:, 2:].max(axis=0)
    geographic = bool(low[0] >= -180 and high[0] <= 180 and low[1] >= -90 and high[1] <= 90)
    found = {key: Shape(names[key], tuple(rings)) for key, rings in shapes.items()}
    return Boundaries(file, chosen, found, geographic, tuple(reader.notes()))


# ---- the file ----


def _features(content: bytes, file: str) -> list[dict[str, Any]]:
    try:
        tree = json.loads(content, parse_constant=_no_constant)
    except _NoNumberError as error:
        found = f"this file holds {error}, which is no number"
        raise FileRefused(Problem(found, "Export the boundaries anew."), file) from None
    except (ValueError, RecursionError, UnicodeDecodeError) as error:
        deep = isinstance(error, RecursionError)
        found = "this file is nested too deeply" if deep else f"this is no GeoJSON ({str(error)[:80]})"
        remedy = "Give boundaries as GeoJSON: a FeatureCollection of polygons."
        raise FileRefused(Problem(found, remedy), file) from None
    remedy = "Give a FeatureCollection whose features are polygons with a code or a name among their properties."
    if isinstance(tree, dict) and tree.get("type") == "Topology":
        raise FileRefused(Problem("this is TopoJSON", "Export it as GeoJSON."), file)
    if not isinstance(tree, dict) or not isinstance(tree.get("features"), list):
        found = f"its type is {shown(tree.get('type'))}" if isinstance(tree, dict) else "this is no FeatureCollection"
        raise FileRefused(Problem(found, remedy), file)
    features: list[dict[str, Any]] = tree["features"]
    if len(features) > MOST_FEATURES:
        found = f"this file holds {len(features):,} features, and at most {MOST_FEATURES:,} are read"
        raise FileRefused(Problem(found, "Keep the places of the map."), file)
    problems = [
        Problem("this is no feature with properties", remedy, where=f"feature {place}")
        for place, each in enumerate(features, start=1)
        if not (isinstance(each, dict) and isinstance(each.get("properties"), dict))
    ]
    if problems or not features:
        raise FileRefused(problems[:_MOST_PROBLEMS] or Problem("there is no feature in it", remedy), file)
    return features


class _NoNumberError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _no_constant(word: str) -> float:
    raise _NoNumberError(word)


def _property(
    features: list[dict[str, Any]], one_name: Callable[[str], str], wanted: set[str], asked: str, file: str
) -> str:
    """Return the property that names the places: the one asked for, or the one that names most of the wanted places."""
    names = list(dict.fromkeys(name for each in features for name in each["properties"]))
    if asked:
        if asked not in names:
            raise FileRefused(Problem(f"no feature has a property '{asked}'", did_you_mean(asked, names)), file)
        return asked
    best, most = "", (0, 0)
    for name in names[:_MOST_LOOKED_AT]:
        values = (each["properties"].get(name) for each in features)
        texts = {value.strip() for value in values if isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME}
        found = {plain_name(one_name(text)) for text in texts}
        # Of two that name as many of the wanted places, the one that names more authorities: codes before short names.
        score = (len(found & wanted), sum(find_place(text, nearest=False).place is not None for text in texts))
        if score > most:
            best, most = name, score
    if not best:
        listed = ", ".join(f"{name} ({shown(features[0]['properties'].get(name))})" for name in names[:8]) or "none"
        told = f"no property names any of the places. Properties: {listed}"
        raise FileRefused(Problem(told, "Name the one that holds the code or the name: --property NAME."), file)
    return best


# ---- geometry ----


class _Rings:
    """Reads rings, gathers what is wrong with them, and counts what was put right."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._points = self._turned = self._unclosed = self._skipped = 0

    def notes(self) -> Iterator[str]:
        """Yield what was put right, and what was left out."""
        if self._turned:
            yield f"Boundaries: {self._turned:,} rings ran the wrong way round and were turned (RFC 7946, 3.1.6)."
        if self._unclosed:
            yield f"Boundaries: {self._unclosed:,} rings were not closed and were."
        if self._skipped:
            yield f"Boundaries: {self._skipped:,} features have no area (points, lines, nothing) and are not drawn."

    def of_feature(self, feature: dict[str, Any], where: str) -> Iterator[Array]:
        """Yield the rings of a feature."""
        before = len(self.problems)
        rings = list(self._of_geometry(feature.get("geometry"), where, 0))
        if not rings and len(self.problems) == before:
            self._skipped += 1
        yield from rings

    def _of_geometry(self, geometry: Any, where: str, depth: int) -> Iterator[Array]:
        if geometry is None:
            return
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(kind, str) or depth > _DEEPEST:
            found = "its geometry is nested too deeply" if depth > _DEEPEST else "its geometry has no type"
            self.problems.append(Problem(found, "Export the boundaries anew.", where=where))
        elif kind == "GeometryCollection":
            parts = geometry.get("geometries")
            for part in parts if isinstance(parts, list) else ():
                yield from self._of_geometry(part, where, depth + 1)
        elif kind in _AREAS:
            listed = geometry.get("coordinates")
            polygons = [listed] if kind == "Polygon" else listed
            for polygon in polygons if isinstance(polygons, list) else (None,):
                yield from self._of_polygon(polygon, where)

    def _of_polygon(self, polygon: Any, where: str) -> Iterator[Array]:
        if not isinstance(polygon, list) or not all(isinstance(ring, list) for ring in polygon):
            self.problems.append(Problem("a polygon is no list of rings", "Export the boundaries anew.", where=where))
            return
        for place, ring in enumerate(polygon):
            found = self._ring(ring, where)
            if found is not None:
                yield self._turn(found, outer=place == 0)

    def _ring(self, ring: list[Any], where: str) -> Array | None:
        self._points += len(ring)
        if self._points > MOST_POINTS:
            if not any("points" in each.found for each in self.problems):
                found = f"this file holds more than {MOST_POINTS:,} points"
                self.problems.append(Problem(found, "Give generalised boundaries: they are drawn small.", where=where))
            return None
        try:
            points = np.array([_point(each) for each in ring], dtype=np.float64).reshape(-1, 2)
        except (TypeError, ValueError, OverflowError):
            found = "a point is no pair of finite numbers"
            self.problems.append(Problem(found, "Export the boundaries anew.", where=where))
            return None
        if len(points) and (points[0] != points[-1]).any():
            points = np.vstack([points, points[:1]])
            self._unclosed += 1
        if len(points) < 4:
            found = f"a ring has {max(len(points) - 1, 0)} corners"
            self.problems.append(Problem(found, "A ring has three or more.", where=where))
            return None
        return points

    def _turn(self, ring: Array, outer: bool) -> Array:
        if (area(ring) > 0) == outer:
            return ring
        self._turned += 1
        return ring[::-1]


def _point(raw: Any) -> tuple[float, float]:
    if not isinstance(raw, list) or len(raw) < 2:
        raise TypeError
    x, y = raw[0], raw[1]
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float):
        raise TypeError
    if not (math.isfinite(x) and math.isfinite(y)) or max(abs(x), abs(y)) > 1e9:
        raise ValueError
    return float(x), float(y)


def area(ring: Array) -> float:
    """Return the area within a closed ring, above 0 if it runs left about.

    >>> area(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 0.0]]))
    2.0
    """
    moved = ring - ring[0]
    x, y = moved[:, 0], moved[:, 1]
    return float(0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
