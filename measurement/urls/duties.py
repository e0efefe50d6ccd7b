"""Addresses: who owes which numbers by when; and numbers that changed."""

from __future__ import annotations

from django.urls import URLPattern, path

from measurement.views import duties, duty, duty_rules, restatements

_DUTY = "duties/<uuid:uid>/"
_RULE = "duties/agreements/<uuid:uid>/"
_RESTATEMENT = "restatements/<uuid:uid>/"
_SUBMISSION = "submissions/<uuid:uid>/"

urlpatterns: list[URLPattern] = [
    path("duties/", duties.duties, name="duties"),
    path("duties.csv", duties.duties_csv, name="duties_csv"),
    path("duties/partners/<slug:slug>/", duties.duty_partner, name="duty_partner"),
    path("duties/new/", duty_rules.duty_new, name="duty_new"),
    path("duties/agreements/", duty_rules.duty_rules, name="duty_rules"),
    path("duties/agreements/new/", duty_rules.duty_rule_new, name="duty_rule_new"),
    path(_RULE + "end/", duty_rules.duty_rule_end, name="duty_rule_end"),
    path("duties/reminders/", duty_rules.duty_reminders, name="duty_reminders"),
    path("duties/reminders/mute/", duty_rules.duty_mute, name="duty_mute"),
    path(_DUTY, duty.duty, name="duty"),
    path(_DUTY + "excuse/", duty.duty_excuse, name="duty_excuse"),
    path(_DUTY + "accept/", duty.duty_accept, name="duty_accept"),
    path(_DUTY + "ask-again/", duty.duty_ask_again, name="duty_ask_again"),
    path(_DUTY + "close/", duty.duty_close, name="duty_close"),
    path(_DUTY + "reopen/", duty.duty_reopen, name="duty_reopen"),
    path(_DUTY + "put-off/", duty.duty_put_off, name="duty_put_off"),
    path("restatements/", restatements.restatements, name="restatements"),
    path("restatements.csv", restatements.restatements_csv, name="restatements_csv"),
    path(_RESTATEMENT, restatements.restatement, name="restatement"),
    path(_RESTATEMENT + "numbers.csv", restatements.restatement_csv, name="restatement_csv"),
    path(_RESTATEMENT + "explain/", restatements.restatement_explain, name="restatement_explain"),
    path(_SUBMISSION + "retract/", restatements.submission_retract, name="submission_retract"),
]
