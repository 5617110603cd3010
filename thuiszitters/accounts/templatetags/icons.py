"""{% icon "sun" %}: an icon of Bootstrap Icons, inside the page, in the colour of the text beside it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import js_lib_bootstrap_icons
from django import template
from django.utils.safestring import SafeString

register = template.Library()
FOLDER = Path(js_lib_bootstrap_icons.__file__).parent / "static" / "bootstrap-icons"
OPENING_TAG = re.compile(r"<svg[^>]*>")


@cache
def _svg(name: str) -> SafeString:
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    opening = '<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">'
    return SafeString(OPENING_TAG.sub(opening, source, count=1).replace("\n", "").strip())


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing says nothing to a screen reader: put the word beside it. An unknown name is an error."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise template.TemplateSyntaxError(f"Geen naam van een pictogram: {name!r}")
    return _svg(name)
