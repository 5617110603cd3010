"""{% term "TSO" %} or {% term "lesweek" "lesweken" %}: a word of the field with its meaning."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thuiszitters.accounts.glossary import explain

register = template.Library()


@register.simple_tag
def term(name: str, shown: str = "") -> SafeString:
    """The word (or `shown` in its place); its meaning appears on hover and focus, and is read aloud after it."""
    return format_html(
        '<span class="term" tabindex="0">{}<span class="term-meaning"> ({})</span></span>', shown or name, explain(name)
    )
