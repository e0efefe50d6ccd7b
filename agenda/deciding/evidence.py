"""What decisions can show for the equity strategies: last words, and replies."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.models import Input, Round
from ciforum.people import registry
from ciforum.people.models import Initiative, Membership
from ciforum.people.registry import Evidence, EvidenceSource


def last_words(initiative: Initiative, member: Membership | None) -> Evidence:
    """Whether residents spoke last before each vote, and what that changed."""
    rounds = Round.objects.for_initiative(initiative)
    voted = rounds.exclude(voting_opened_at=None).annotate(
        spoken=Count("last_words", filter=Q(last_words__is_current=True), distinct=True)
    )
    votes, words = len(voted), sum(each.spoken for each in voted)
    back = rounds.filter(ended_how=Round.End.SENT_BACK).count()
    if not votes and not back:
        return Evidence(_("No vote has opened here yet."), 0, _links(initiative))
    sentence = ngettext(
        "Before the one vote that opened, seats for lived experience spoke last: %(words)s last "
        "words.",
        "Before each of %(votes)s votes, seats for lived experience spoke last: %(words)s last "
        "words in all.",
        votes,
    ) % {"votes": votes, "words": words}
    sent = ngettext(
        "They sent %(back)s decision back, and it was talked through again.",
        "They sent %(back)s decisions back, and those were talked through again.",
        back,
    ) % {"back": back}
    return Evidence(f"{sentence} {sent}", words, _links(initiative))


def replies(initiative: Initiative, member: Membership | None) -> Evidence:
    """How many of what people said got a reply."""
    said = Input.objects.for_initiative(initiative).filter(stage=Input.Stage.INPUT)
    every = said.count()
    owed = said.owed_a_reply().count()
    if not every:
        return Evidence(_("Nobody was asked for input on a decision yet."), 0, _links(initiative))
    sentence = ngettext(
        "%(replied)s of %(every)s thing that people said on decisions has a reply.",
        "%(replied)s of %(every)s things that people said on decisions have a reply.",
        every,
    ) % {"replied": said.exclude(replied_at=None).count(), "every": every}
    waiting = ngettext("%(owed)s waits for one.", "%(owed)s wait for one.", owed) % {"owed": owed}
    return Evidence(f"{sentence} {waiting}", every - owed, _links(initiative))


def register() -> None:
    """Fill the ground's table of evidence; called once at start-up."""
    for name, strategy, question, answer in (
        (
            "agenda.last_words",
            3,
            gettext_lazy("Did residents speak last before each vote, and what did it change?"),
            last_words,
        ),
        (
            "agenda.replies",
            4,
            gettext_lazy("How many of what people said got a reply?"),
            replies,
        ),
    ):
        registry.evidence.add(name, EvidenceSource(strategy, question, answer))


def _links(initiative: Initiative) -> tuple[tuple[str, str], ...]:
    return ((_("See the decisions"), reverse("agenda:decisions", args=[initiative.slug])),)
