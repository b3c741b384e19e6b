"""How cost grows, drawn: rows against time and memory for each contender, on logarithmic scales, as SVG.

A drawing brings its own background and looks at the colour scheme of whoever reads it, since the page that shows it
may be white or dark.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from bench.figures import Result, Results

__all__ = ["draw", "plots"]

WIDTH, HEIGHT, APART = 520, 340, 17
# each colour on white, and what it becomes on dark
_INK, _SOFT, _GRID, _PAPER = "#1f2328", "#59636e", "#d8dee4", "#ffffff"
_DARK = {_INK: "#e6edf3", _SOFT: "#9da7b3", _GRID: "#30363d", _PAPER: "#0d1117"}
_LINES = {
    "#0550ae": "#6cb6ff",
    "#a04100": "#f0883e",
    "#116329": "#57ab5a",
    "#8250df": "#b083f0",
    "#a40e4c": "#f778ba",
    "#6e5a00": "#d4b106",
    "#0a6e70": "#39c5cf",
    "#57606b": "#a0aab5",
}
_CONFIG: dict[str, Any] = {
    "background": _PAPER,
    "padding": 14,
    "font": "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _SOFT,
        "titleColor": _SOFT,
        "gridColor": _GRID,
        "domainColor": _SOFT,
        "tickColor": _GRID,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    },
    "title": {"color": _INK, "fontSize": 15, "fontWeight": "bold", "anchor": "start", "offset": 14},
}
_KINDS: dict[str, tuple[str, Callable[[Result], float]]] = {
    "time": ("seconds, whole process", lambda result: result.time),
    "memory": ("peak memory, MB", lambda result: result.peak),
}


def plots(results: Results, tasks: Mapping[str, str]) -> dict[str, str]:
    """The drawings by name, such as ``validate-time``; tasks measured at one size only have none."""
    found = {}
    for task, title in tasks.items():
        names = dict.fromkeys(line.contender for line in results.of(task))
        lines = {name: runs for name in names if (runs := results.sizes(task, name))}
        if len({line.rows for series in lines.values() for line in series}) < 2:
            continue
        for kind, (axis, figure) in _KINDS.items():
            series = {runs[0].title: [(run.rows, figure(run)) for run in runs] for runs in lines.values()}
            found[f"{task}-{kind}"] = draw(f"{title}: rows against {kind}", axis, series)
    return found


def draw(title: str, axis: str, series: Mapping[str, list[tuple[int, float]]]) -> str:
    """Lines over rows, on log-log scales, each with its name at its end, as SVG."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(_spec(title, axis, series), vl_version="5.20")
    rules = "".join(
        f'[{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in (_DARK | _LINES).items()
        for part in ("fill", "stroke")
    )
    style = f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
    return re.sub(r"(<svg [^>]*>)", rf"\g<1>{style}", svg, count=1) + "\n"


def _spec(title: str, axis: str, series: Mapping[str, list[tuple[int, float]]]) -> dict[str, Any]:
    colours = dict(zip(series, [*_LINES] * len(series), strict=False))
    values = [{"who": who, "x": x, "y": y} for who, points in series.items() for x, y in points]
    xs, ys = [v["x"] for v in values], [v["y"] for v in values]
    low, high = math.log10(min(ys)) - 0.08, math.log10(max(ys)) + 0.08
    left, right = math.log10(min(xs)) - 0.08, math.log10(max(xs)) + 0.08
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"type": "log", "domain": [10**left, 10**right], "nice": False},
        "axis": {"title": "rows", "values": _ticks(left, right), "format": "~s", "grid": False},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"type": "log", "domain": [10**low, 10**high], "nice": False},
        "axis": {"title": axis, "values": _ticks(low, high), "format": "~r"},
    }
    colour = {
        "field": "who",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(colours), "range": list(colours.values())},
    }
    words = {"type": "text", "align": "left", "baseline": "middle", "dx": 10, "fontSize": 13}
    labels = _labels(series, low, high)
    wide = {"condition": {"test": "indexof(datum.who, 'onrecord') >= 0", "value": 3}, "value": 1.8}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": title,
        "config": _CONFIG,
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "line"},
                "encoding": {"x": x, "y": y, "color": colour, "strokeWidth": wide},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "data": {"values": labels},
                "mark": {**words, "fill": _PAPER, "stroke": _PAPER, "strokeWidth": 5, "strokeJoin": "round"},
                "encoding": {"x": x, "y": y, "text": {"field": "who"}},
            },
            {
                "data": {"values": labels},
                "mark": words,
                "encoding": {"x": x, "y": y, "color": colour, "text": {"field": "who"}},
            },
        ],
    }


def _labels(series: Mapping[str, list[tuple[int, float]]], low: float, high: float) -> list[dict[str, Any]]:
    """A label at the end of each line; those that end at the same rows are moved apart, in their order."""
    ends: dict[int, list[tuple[float, str]]] = {}
    for who, points in series.items():
        x, y = max(points)
        ends.setdefault(x, []).append((math.log10(y), who))
    step, labels = (high - low) * APART / HEIGHT, []
    for x, found in ends.items():
        found.sort()
        heights = [height for height, _ in found]
        for number in range(1, len(heights)):
            heights[number] = max(heights[number], heights[number - 1] + step)
        over = max(0.0, heights[-1] - high)
        heights[-1] -= over
        for number in range(len(heights) - 2, -1, -1):
            heights[number] = min(heights[number], heights[number + 1] - step)
        labels += [{"who": who, "x": x, "y": 10**height} for height, (_, who) in zip(heights, found, strict=True)]
    return labels


def _ticks(low: float, high: float) -> list[float]:
    """1, 3, 10, … within the logarithms of a range."""
    steps = [factor * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for factor in (1, 3)]
    return [step for step in steps if low <= math.log10(step) <= high]
