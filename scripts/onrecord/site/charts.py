"""Charts by Vega-Lite, rendered ahead as SVG: what came of forecasts, and where events took place.

Colours are CSS variables, so that one drawing serves light and dark; each chart is drawn for a wide
screen and for a phone, since words in a drawing do not scale.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from onrecord.site import coasts
from onrecord.site.records import Records, Row
from onrecord.site.words import CERTAINTY

__all__ = ["charts"]

_WIDTHS = {"": 900, "-narrow": 320}
_FAR = 20.0
_SURE = ["CT+", "PR+", "PS+", "CTu", "PS-", "PR-", "CT-"]
_OUTCOMES = {"yes": "borne out", "partly": "in part", "no": "not borne out", "open": "undecided"}
_TONES = ["var(--true)", "var(--part)", "var(--false)", "var(--line)"]
_CONFIG: dict[str, Any] = {
    "background": None,
    "font": "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "gridColor": "var(--line)",
        "domainColor": "var(--noncommittal)",
        "tickColor": "var(--line)",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": "var(--ink)", "labelFontSize": 13, "symbolType": "square", "symbolStrokeWidth": 0},
    "text": {"color": "var(--ink)", "fontSize": 13},
}


def charts(records: Records) -> dict[str, str]:
    """Every chart as SVG, by name; those for a phone end in ``-narrow``. A chart without data is left out."""
    import vl_convert

    found = {}
    for ending, width in _WIDTHS.items():
        for name, spec in (("forecasts", _forecasts(records, width)), ("map", _region(records, width))):
            if spec is not None:
                drawn = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, vl_version="5.20")
                found[name + ending] = _own(drawn, name + ending)
    return found


def _own(svg: str, name: str) -> str:
    """A drawing with names of its own for what it refers to, since several share one page."""
    named = re.sub(r'(id="|url\(#)', rf"\g<1>{name}-", svg)
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", named).replace("<svg ", '<svg aria-hidden="true" ', 1)


def _forecasts(records: Records, width: int) -> dict[str, Any] | None:
    rows = records.all(
        "SELECT certainty, borne_out, COUNT(DISTINCT proposition_id) AS n FROM forecasts GROUP BY certainty, borne_out"
    )
    if not rows:
        return None
    known = [c for c in _SURE if any(row["certainty"] == c for row in rows)]
    values = [
        {"sure": CERTAINTY[row["certainty"]], "what": _OUTCOMES[row["borne_out"]], "n": row["n"], "o": order}
        for order, outcome in enumerate(_OUTCOMES)
        for row in rows
        if row["borne_out"] == outcome and row["certainty"] in known
    ]
    narrow = width < 500
    encoding = {
        "y": {
            "field": "sure",
            "type": "nominal",
            "sort": [CERTAINTY[c] for c in known],
            "title": None,
            "axis": {"domain": False, "ticks": False, "labelPadding": 8, "labelColor": "var(--ink)", "labelLimit": 130},
        },
        "x": {
            "field": "n",
            "type": "quantitative",
            "title": "propositions",
            "axis": {
                "tickMinStep": 1,
                "tickCount": 5 if narrow else 10,
                "domain": False,
                "titleAlign": "right",
                "titleAnchor": "end",
            },
        },
        "order": {"field": "o", "type": "quantitative"},
        "color": {
            "field": "what",
            "type": "nominal",
            "title": None,
            "scale": {"domain": list(_OUTCOMES.values()), "range": _TONES},
            "legend": {"orient": "top", "columns": 2 if narrow else 4},
        },
    }
    longest = max(sum(v["n"] for v in values if v["sure"] == sure) for sure in {v["sure"] for v in values})
    unit = (width - 140) / longest
    text = {
        "mark": {"type": "text", "fontWeight": "bold"},
        "encoding": {
            "x": {"field": "n", "type": "quantitative", "stack": "zero", "bandPosition": 0.5},
            "text": {
                "condition": {"test": f"datum.n * {unit} >= 14", "field": "n", "type": "quantitative"},
                "value": "",
            },
            "color": {
                "condition": {"test": "datum.o == 3", "value": "var(--ink)"},
                "value": "var(--paper)",
            },
        },
    }
    return {
        "width": width - 140,
        "height": {"step": 38},
        "data": {"values": values},
        "encoding": {k: encoding[k] for k in ("y", "order")},
        "layer": [
            {"mark": {"type": "bar", "size": 24}, "encoding": {k: encoding[k] for k in ("x", "color")}},
            text,
        ],
    }


def _region(records: Records, width: int) -> dict[str, Any] | None:
    """The map of the region around the place with most events; what lies far from it is left to the list."""
    places = records.all(
        "SELECT place_name, latitude, longitude, COUNT(event_id) AS events FROM places JOIN events USING (place_id) "
        "WHERE latitude IS NOT NULL GROUP BY place_id ORDER BY events DESC, place_id"
    )
    if not places:
        return None
    first = places[0]
    near = [
        p
        for p in places
        if abs(p["latitude"] - first["latitude"]) < _FAR and abs(p["longitude"] - first["longitude"]) < 1.5 * _FAR
    ]
    return _map(near, width, 5)


def _map(places: list[Row], width: int, room: float) -> dict[str, Any]:
    """Circles per place on coasts and borders, in Mercator's projection."""
    longitudes, latitudes = [p["longitude"] for p in places], [p["latitude"] for p in places]
    west, east = max(-180.0, min(longitudes) - room), min(180.0, max(longitudes) + room)
    south, north = max(-70.0, min(latitudes) - room), min(80.0, max(latitudes) + room)
    shape = 1.35 if width > 500 else 0.8
    if east - west < 2 * shape * (north - south):
        middle, half = (west + east) / 2, shape * (north - south)
        west, east = max(-180.0, middle - half), min(180.0, middle + half)
    left, right = coasts.mercator(west, 0)[0], coasts.mercator(east, 0)[0]
    bottom, top = coasts.mercator(0, south)[1], coasts.mercator(0, north)[1]
    unit = width / (right - left)
    height = round(unit * (top - bottom))
    projection = {
        "type": "identity",
        "reflectY": True,
        "scale": unit,
        "translate": [-left * unit, top * unit],
        "clipExtent": [[0, 0], [width, height]],
    }
    points = [_point(place, 30 if width > 500 else 14) for place in places]
    detail = 0.06 if width > 500 else 0.15
    at = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"}}
    shapes = {"format": {"type": "json", "property": "features"}}
    return {
        "width": width,
        "height": height,
        "projection": projection,
        "layer": [
            {
                "data": {"values": coasts.land(west, east, south, north, detail), **shapes},
                "mark": {
                    "type": "geoshape",
                    "fill": "var(--faint)",
                    "stroke": "var(--noncommittal)",
                    "strokeWidth": 0.6,
                },
            },
            {
                "data": {"values": coasts.borders(west, east, south, north, detail), **shapes},
                "mark": {
                    "type": "geoshape",
                    "fill": None,
                    "stroke": "var(--noncommittal)",
                    "strokeWidth": 0.8,
                    "strokeDash": [3, 2],
                },
            },
            {
                "data": {"values": points},
                "mark": {"type": "circle", "color": "var(--affirm)", "opacity": 0.75, "stroke": "var(--card)"},
                "encoding": {
                    **at,
                    "size": {
                        "field": "events",
                        "type": "quantitative",
                        "scale": {"domain": [0, max(p["events"] for p in points)], "range": [40, 900]},
                        "legend": None,
                    },
                },
            },
            *(
                {
                    "data": {"values": [p for p in _apart(points, unit) if _leans_left(p, right, unit) == at_right]},
                    "mark": {
                        "type": "text",
                        "align": "right" if at_right else "left",
                        "dx": -18 if at_right else 18,
                        "dy": 1,
                        "fontWeight": "bold",
                    },
                    "encoding": {**at, "text": {"field": "label", "type": "nominal"}},
                }
                for at_right in (False, True)
            ),
        ],
    }


def _point(place: Mapping[str, Any], most: int) -> dict[str, Any]:
    x, y = coasts.mercator(place["longitude"], place["latitude"])
    short = textwrap.shorten(place["place_name"].split(",")[0], most, placeholder=" …")
    return {"x": x, "y": y, "events": place["events"], "label": f"{short} ({place['events']})"}


def _leans_left(point: Mapping[str, Any], right: float, unit: float) -> bool:
    """Whether a label stands to the left of its place: where it would not fit on the right, at eight pixels a letter."""
    return bool((right - point["x"]) * unit < 18 + 8 * len(point["label"]))


def _apart(points: list[dict[str, Any]], unit: float) -> list[dict[str, Any]]:
    """The labels, the later ones moved down where one stands already; ``unit`` is pixels per radian."""
    placed: list[dict[str, Any]] = []
    for point in points:
        label = dict(point)
        while any(abs(p["y"] - label["y"]) * unit < 15 and abs(p["x"] - label["x"]) * unit < 160 for p in placed):
            label["y"] -= 16 / unit
        placed.append(label)
    return placed
