"""The first initiative and its first director."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from ciforum.people.models import Initiative, Invitation
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_director_is_mailed_the_link_to_join(mailoutbox):
    call_command("found", "valley", "Valley", "rosa@example.org", "--languages", "es", "en")

    invitation = Invitation.objects.get(initiative__slug="valley")
    assert invitation.roles == ["backbone"]
    assert mailoutbox[0].to == ["rosa@example.org"]
    assert "/accounts/invitation/" in mailoutbox[0].body


def test_a_slip_in_the_address_leaves_nothing_behind():
    with pytest.raises(CommandError):
        call_command("found", "valley", "Valley", "rosa-at-example")

    assert not Initiative.objects.filter(slug="valley").exists()


def test_a_word_of_the_site_is_refused():
    with pytest.raises(CommandError, match="Choose another"):
        call_command("found", "accounts", "Valley", "rosa@example.org")


def test_whoever_runs_an_initiative_is_not_passed_over(mailoutbox):
    initiative = builders.an_initiative("valley")
    call_command("found", "valley", "Valley", "rosa@example.org")
    builders.a_member(initiative, "backbone")

    with pytest.raises(CommandError, match="director already"):
        call_command("found", "valley", "Valley", "eve@example.org")

    assert [mail.to for mail in mailoutbox] == [["rosa@example.org"]]
