"""Many style sheets to write, one to load."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command
from django.core.management import call_command
from django.test import override_settings

from ciforum.stylesheets import BUNDLE, PRINTED, SHARED, Bundled


@pytest.fixture
def collected(tmp_path):
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "ciforum.stylesheets.Bundled"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        command = Command()
        command.storage = Bundled(location=tmp_path)
        call_command(command, interactive=False, verbosity=0)
        yield command.storage


def test_the_one_file_holds_all_of_them(collected):
    text = collected.open(collected.stored_name(BUNDLE)).read().decode()

    assert all(f"@layer {layer}" in text for layer in ("base", "layout", "parts"))
    assert text.index("@font-face") < text.index("@media print")
    fonts = re.findall(r'url\("(\.\./fonts/[^"]+)"\)', text)
    assert fonts
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2", font) for font in fonts)


def test_a_page_links_each_while_they_are_worked_on(client, db):
    page = client.get("/about/").content.decode()

    linked = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)
    assert linked[: len(SHARED) + 1] == [*SHARED, PRINTED]
