"""What the templates of sign-in need."""

from __future__ import annotations

from django import forms, template

register = template.Library()


@register.filter
def plain(form: forms.BaseForm | None) -> forms.BaseForm | None:
    """The form without placeholders: each field has its label, which stays while one types."""
    for field in form.fields.values() if form else ():
        field.widget.attrs.pop("placeholder", None)
    return form
