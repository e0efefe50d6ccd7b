"""`{{ text|defined }}`: the ground's filter, at hand where a template loads `lexicon`."""

from __future__ import annotations

from django import template

from ciforum.people.templatetags.words import defined

register = template.Library()
register.filter("defined", defined)
