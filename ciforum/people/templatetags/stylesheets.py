"""The links to the style sheets that every page needs."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ciforum.stylesheets import BUNDLE, PRINTED, SHARED, Bundled

register = template.Library()

_LINK = '<link rel="stylesheet" href="{}">'


@register.simple_tag
def stylesheets() -> SafeString:
    """One link where files are collected; while one works on them, each by itself."""
    if isinstance(getattr(staticfiles_storage, "_wrapped", staticfiles_storage), Bundled):
        return format_html(_LINK, static(BUNDLE))
    links = format_html_join("\n    ", _LINK, ((static(path),) for path in SHARED))
    printed = format_html('<link rel="stylesheet" href="{}" media="print">', static(PRINTED))
    return links + SafeString("\n    ") + printed
