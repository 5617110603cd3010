"""Drawing a chart as SVG on the server. Every chart on a page has its table beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

INK = "#1a2b2a"
"""Drawn with this colour: text and lines. On a page it becomes the page's own colour, so that it fits a dark screen."""
PARTS = {
    "ziek": "#2a8f8a",
    "geoorloofd": "#9bbf7a",
    "reden onbekend": "#d9b44a",
    "ongeoorloofd": "#8e4a74",
    "leerlingen": "#2a8f8a",
}
"""Colours that differ in lightness too; the order of the parts and the table carry the meaning."""
WIDTH, HEIGHT = 640, 240
KEPT = 24 * 60 * 60


def draw(*, values: Sequence[dict[str, Any]], x_title: str, y_title: str) -> str:
    """Bars of `y` at each `x` (in the order given), stacked by `part`; an SVG without scripts or styles.

    Kept for a day under what is drawn. The library is loaded in the process that draws, at its first chart: a process
    that was forked after it had drawn would hang.
    """
    told = json.dumps([list(values), x_title, y_title], sort_keys=True, ensure_ascii=False)
    key = "chart:" + hashlib.sha256(told.encode()).hexdigest()
    found: str | None = cache.get(key)
    if found is None:
        found = rendered(values, x_title, y_title)
        cache.set(key, found, KEPT)
    return found


def on_page(svg: str) -> SafeString:
    """A chart as part of a page, in the page's own ink. The text in it is ours and was escaped by the library."""
    return mark_safe(svg.replace(INK, "currentColor"))  # noqa: S308 - made by draw()


def rendered(values: Sequence[dict[str, Any]], x_title: str, y_title: str) -> str:
    import vl_convert  # noqa: PLC0415 - see draw()

    parts = list(dict.fromkeys(row["part"] for row in values))
    return vl_convert.vegalite_to_svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": [row | {"order": parts.index(row["part"])} for row in values]},
            "width": WIDTH,
            "height": HEIGHT,
            "mark": "bar",
            "encoding": {
                "x": {
                    "field": "x",
                    "type": "nominal",
                    "sort": None,
                    "title": x_title or None,
                    "axis": {"labelAngle": 0, "labelOverlap": True},
                },
                "y": {"field": "y", "type": "quantitative", "title": y_title, "axis": {"tickMinStep": 1}},
                "color": {
                    "field": "part",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": parts, "range": [PARTS[part] for part in parts]},
                    "legend": {"orient": "top"} if len(parts) > 1 else None,
                },
                "order": {"field": "order", "type": "quantitative"},
            },
            "config": {
                "background": "transparent",
                "font": "system-ui, sans-serif",
                "axis": dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), INK)
                | {"gridOpacity": 0.25, "labelFontSize": 12},
                "legend": {"labelColor": INK, "labelFontSize": 12, "columnPadding": 18},
                "view": {"stroke": None},
            },
        }
    )
