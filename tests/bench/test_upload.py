"""How long somebody waits who brings a file of 60 MB: until its columns stand before her."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

MEGABYTES = 60
LINE = "{place},{year},{group},{count},{all}\n"
GROUPS = ("White", "Black", "Hispanic", "Asian", "All")


def test_the_first_look_at_a_large_file(initiative, partner, tmp_path):
    builders.a_dimension(initiative)
    indicator = builders.an_indicator(initiative)
    path = tmp_path / "large.csv"
    _write(path)
    browser = Client()
    browser.force_login(partner.user)
    address = reverse("measurement:upload", args=[initiative.slug])

    with path.open("rb") as file:
        started = time.perf_counter()
        kept = browser.post(
            address,
            {
                "indicator": str(indicator.uid),
                "organization": str(partner.organization.uid),
                "kind": "table",
                "file": file,
            },
        )
        sent = time.perf_counter()
    page = browser.get(kept.url, follow=True)
    seen = time.perf_counter()

    print(
        f"\n{path.stat().st_size / 1e6:.0f} MB: taken in {sent - started:.2f} s, its columns, "
        f"types and first mistakes {seen - sent:.2f} s later"
    )
    assert page.status_code == 200
    assert "<select" in page.content.decode()


def _write(path: Path) -> None:
    with path.open("w") as file:
        file.write("place,year,group,count,all\n")
        first = 0
        while file.tell() < MEGABYTES * 1_000_000:
            file.write(
                "".join(
                    LINE.format(
                        place=f"District {number % 900}",
                        year=1990 + number // 900 % 35,
                        group=group,
                        count=100 + index,
                        all=900 + index,
                    )
                    for index, group in enumerate(GROUPS)
                    for number in range(first, first + 2_000)
                )
            )
            first += 2_000
