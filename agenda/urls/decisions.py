"""Addresses: the decision room, seen by everybody and by those who take a decision on."""

from __future__ import annotations

from django.urls import URLPattern, path

from agenda.views import closing, decisions, drafting_decisions, hearing, stages

_DECISION = "decisions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", drafting_decisions.decision_new, name="decision_new"),
    path(_DECISION, decisions.decision, name="decision"),
    path(f"{_DECISION}edit/", drafting_decisions.decision_edit, name="decision_edit"),
    path(f"{_DECISION}cite/", drafting_decisions.decision_cite, name="decision_cite"),
    path(f"{_DECISION}uncite/", drafting_decisions.decision_uncite, name="decision_uncite"),
    # --- from stage to stage
    path(f"{_DECISION}open-input/", stages.decision_open_input, name="decision_open_input"),
    path(
        f"{_DECISION}open-last-word/",
        stages.decision_open_last_word,
        name="decision_open_last_word",
    ),
    path(f"{_DECISION}open-voting/", stages.decision_open_voting, name="decision_open_voting"),
    path(f"{_DECISION}again/", stages.decision_again, name="decision_again"),
    path(f"{_DECISION}withdraw/", stages.decision_withdraw, name="decision_withdraw"),
    path(f"{_DECISION}close/", stages.decision_close, name="decision_close"),
    path(f"{_DECISION}retry/", stages.decision_retry, name="decision_retry"),
    path(f"{_DECISION}recuse/", stages.decision_recuse, name="decision_recuse"),
    # --- the last word, for those who reach the seats
    path(f"{_DECISION}hearing/", hearing.decision_hearing, name="decision_hearing"),
    path(f"{_DECISION}hearing/<uuid:seat>/try/", hearing.hearing_try, name="hearing_try"),
    path(f"{_DECISION}hearing/<uuid:seat>/word/", hearing.hearing_word, name="hearing_word"),
    path(f"{_DECISION}hearing/dispute/<uuid:tried>/", hearing.try_dispute, name="try_dispute"),
    # --- after the count
    path(f"{_DECISION}reasons/", closing.decision_reasons, name="decision_reasons"),
    path(f"{_DECISION}inputs/", closing.decision_inputs, name="decision_inputs"),
    path(f"{_DECISION}inputs/<uuid:said>/reply/", closing.input_reply, name="input_reply"),
    path(f"{_DECISION}follow/<uuid:seat>/", closing.decision_follow, name="decision_follow"),
    path(f"{_DECISION}review/", closing.decision_review, name="decision_review"),
]
