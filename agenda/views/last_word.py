"""The last word: pages of the seat that speaks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import audio
from agenda.forms.last_word import LastWordForm
from agenda.models import Decision, LastWord, Round
from agenda.permissions import may_hear
from agenda.views.ballots import find_decision, way
from agenda.views.inputs import own_language
from ciforum.people.models import StoredFile
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import put
from equity.models import Seat, SeatClass, is_resident


@never_cache
@csp_update({"media-src": ["'self'", "blob:"]})  # type: ignore[arg-type] # knows no arguments
@require_http_methods(["GET", "HEAD", "POST"])
def decision_last_word(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Read the frozen text and speak last: the one page that may use the microphone."""
    response = _last_word(request, find_decision(request, uid))
    policy = settings.SECURITY_HEADERS["Permissions-Policy"]
    response.headers["Permissions-Policy"] = policy.replace("microphone=()", "microphone=(self)")
    return response


@require_POST
def last_word_confirm(
    request: SignedInRequest, initiative: str, uid: UUID, said: UUID
) -> HttpResponse:
    """Stand by what was written down: she, her alternate, or a resident who heard it."""
    decision = find_decision(request, uid)
    found = _said(decision, said)
    if not found.seat.may_speak(request.user) and not is_resident(request.membership):
        raise PermissionDenied
    done = _("Noted: this is what was said.")
    return _do(request, decision, done, decision.confirm, found, by=request.membership)


@require_http_methods(["GET", "HEAD", "POST"])
def last_word_take_back(
    request: SignedInRequest, initiative: str, uid: UUID, said: UUID
) -> HttpResponse:
    """Take back what was written down in her name; asks first."""
    decision = find_decision(request, uid)
    found = _hers(request, decision, said)
    if request.method != "POST":
        return _ask(request, decision, found, "take_back")
    done = _("Taken back. It does not count any more.")
    return _do(request, decision, done, decision.take_back_word, found, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def last_word_erase(
    request: SignedInRequest, initiative: str, uid: UUID, said: UUID
) -> HttpResponse:
    """Take words and voice away for good; asks first."""
    decision = find_decision(request, uid)
    found = _hers(request, decision, said)
    if request.method != "POST":
        return _ask(request, decision, found, "erase")
    done = _("Erased. That a last word was given, and which choice, stays.")
    return _do(request, decision, done, decision.erase_word, found, by=request.user)


@public
@require_safe
def last_word_voice(request: MemberRequest, initiative: str, uid: UUID, said: UUID) -> HttpResponse:
    """The recording of a last word, for whoever may hear it; 404 for everybody else."""
    found = _said(find_decision(request, uid), said)
    if not may_hear(request.membership, found) or not found.voice or not found.voice.storage:
        raise Http404
    try:
        return audio.play(request, found.voice)
    except FileNotFoundError:
        raise Http404 from None


# --- speaking


def _last_word(request: SignedInRequest, decision: Decision) -> HttpResponse:
    own = _own_seats(request, decision)
    seat = _speaking(request, decision, own)
    round = decision.round
    if seat is None or round is None:
        status = 409 if request.method == "POST" else 200
        return _page(request, decision, own, None, None, status=status)
    language = seat.language if round.paper["text"].get(seat.language) else own_code(round)
    if request.method == "GET":
        decision.reach(seat=seat, by=request.user, language=language)
    now = round.last_words.filter(seat=seat, is_current=True).first()
    form = LastWordForm(
        request.POST or None,
        request.FILES or None,
        was_sent_back=decision.was_sent_back,
        initial=_before(now),
    )
    if request.method == "POST" and form.is_valid() and _speak(request, decision, seat, form):
        return redirect(f"{request.path}?seat={seat.uid}#yours")
    return _page(request, decision, own, seat, form, status=422 if form.errors else 200)


def _speak(request: SignedInRequest, decision: Decision, seat: Seat, form: LastWordForm) -> bool:
    """Call the verb; False, with the reason on the form, where it says no."""
    values = form.cleaned_data
    voice = _keep(values["voice"], decision)
    try:
        said = decision.speak(
            seat=seat,
            by=request.user,
            voice=voice,
            **{name: values[name] for name in ("choice", "words", "language", "is_public")},
        )
    except (StateChanged, ValidationError) as error:
        if isinstance(error, ValidationError):
            put(form, error)
        else:
            form.add_error(None, _("The last word is over. What you said was not kept."))
        said = None
    finally:
        if voice and not LastWord.objects.filter(voice=voice).exists():
            voice.forget()  # nothing points at it: its bytes go
    if said is None:
        return False
    messages.success(request, _thanks(said))
    return True


def _keep(file: File[bytes] | None, decision: Decision) -> StoredFile | None:
    if file is None:
        return None
    return StoredFile.keep(file, initiative=decision.initiative, kind="last_word")


def _thanks(said: LastWord) -> str:
    if said.choice == LastWord.Choice.SEND_BACK:
        return _("Sent back. It is talked over again, and you speak last once more.")
    return _("Your last word is here. You can change it until the vote opens.")


def _before(now: LastWord | None) -> dict[str, Any]:
    if now is None or now.erased_at:
        return {"language": own_language()}
    return {name: getattr(now, name) for name in ("choice", "words", "language", "is_public")}


def own_code(round: Round) -> str:
    """The language in which this reader gets the frozen text."""
    return Words(round.paper["text"]).chosen((get_language() or "en").split("-")[0])


# --- inside


def _own_seats(request: SignedInRequest, decision: Decision) -> list[Seat]:
    """Her seats for lived experience in this committee, ended ones too. 403 without one."""
    held = decision.committee.seats.held_by(request.user).filter(seat_class=SeatClass.LIVED)
    own = list(held.distinct())
    if not own:
        raise PermissionDenied
    return own


def _speaking(request: SignedInRequest, decision: Decision, own: list[Seat]) -> Seat | None:
    """The seat she speaks for now; None where nobody speaks, or she may not."""
    if decision.state != Decision.State.LAST_WORD:
        return None
    lived = {each.pk for each in decision.lived_seats()}
    may = [each for each in own if each.pk in lived and each.may_speak(request.user)]
    asked = request.GET.get("seat")
    if asked:
        may = [each for each in may if str(each.uid) == asked]
    return may[0] if may else None


def _page(
    request: SignedInRequest,
    decision: Decision,
    own: list[Seat],
    seat: Seat | None,
    form: LastWordForm | None,
    status: int = 200,
) -> HttpResponse:
    round = decision.round
    said = LastWord.objects.for_initiative(decision.initiative).filter(
        round__decision=decision, seat__in=own
    )
    every = list(said.select_related("round", "seat", "recorded_by", "voice").order_by("-at"))
    page: dict[str, Any] = {
        "decision": decision,
        "round": round,
        "seat": seat,
        "form": form,
        "current": [each for each in every if each.is_current],
        "former": [each for each in every if not each.is_current],
        "crumbs": way(request, decision),
        "posted": request.method == "POST",
        "words_lost": request.POST.get("words", ""),
    }
    if round is not None:
        page.update(_text(round, seat))
    return render(request, "agenda/voices/last_word.html", page, status=status)


def _text(round: Round, seat: Seat | None) -> dict[str, Any]:
    """The frozen text in the language of the seat, and in the others, each with its code."""
    texts = {code: text for code, text in round.paper["text"].items() if text}
    hers = seat.language if seat and seat.language in texts else own_code(round)
    titles = Words(round.paper["title"])
    return {
        "text": {"code": hers, "text": texts.get(hers, ""), "title": titles.get(hers, str(titles))},
        "other_texts": [(code, text) for code, text in texts.items() if code != hers],
    }


def _said(decision: Decision, uid: UUID) -> LastWord:
    return get_object_or_404(
        LastWord.objects.filter(round__decision=decision).select_related("seat", "voice", "round"),
        uid=uid,
    )


def _hers(request: SignedInRequest, decision: Decision, uid: UUID) -> LastWord:
    """A last word of a seat she speaks for; somebody else's is refused."""
    found = _said(decision, uid)
    if not found.seat.may_speak(request.user):
        raise PermissionDenied
    return found


def _ask(request: SignedInRequest, decision: Decision, said: LastWord, what: str) -> HttpResponse:
    page = {
        "decision": decision,
        "said": said,
        "what": what,
        "back": reverse("agenda:decision_last_word", args=[request.initiative.slug, decision.uid]),
        "crumbs": way(request, decision),
    }
    return render(request, "agenda/voices/last_word_ask.html", page)


def _do(
    request: SignedInRequest, decision: Decision, done: str, verb: Any, *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        verb(*args, **kwargs)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except StateChanged as changed:
        messages.error(request, str(changed))
    else:
        messages.success(request, done)
    return redirect(decision if verb == decision.confirm else _back(request, decision))


def _back(request: SignedInRequest, decision: Decision) -> str:
    return reverse("agenda:decision_last_word", args=[request.initiative.slug, decision.uid])
