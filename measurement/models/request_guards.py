"""What the database itself refuses about data requests, whoever asks."""

from __future__ import annotations

import pgtrigger

REQUEST = [
    pgtrigger.ReadOnly(
        name="keeps_what_was_sent",
        fields=[
            *("initiative", "uid", "indicator", "dimension", "holder", "ask", "letter"),
            *("language", "channel", "sent_at", "sent_by", "due"),
        ],
    ),
    # Whoever asks alone has not taken it further.
    pgtrigger.Trigger(
        name="further_with_others",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__escalated_at__isnull=False),
        func="""
            IF TG_OP = 'UPDATE' AND OLD.escalated_at IS NOT NULL THEN
                IF OLD.escalated_at <> NEW.escalated_at OR OLD.escalation <> NEW.escalation THEN
                    RAISE EXCEPTION 'what was taken further stays as it was said'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM measurement_requestsigner signer
                           WHERE signer.request_id = NEW.id AND signer.withdrawn_at IS NULL
                             AND signer.organization_id IS NOT NULL
                             AND NOT EXISTS (SELECT 1 FROM people_membership staff
                                             WHERE staff.organization_id = signer.organization_id
                                               AND staff.initiative_id = NEW.initiative_id
                                               AND staff.ended_at IS NULL
                                               AND 'backbone' = ANY(staff.roles)))
               OR NOT EXISTS (SELECT 1 FROM measurement_policyask ask
                              WHERE ask.request_id = NEW.id) THEN
                RAISE EXCEPTION 'a request goes further with a co-signer and a policy ask'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]

STAYS = [
    pgtrigger.Protect(name="what_was_done_stays", operation=pgtrigger.Update | pgtrigger.Delete)
]

SIGNER = [
    pgtrigger.ReadOnly(
        name="keeps_who_signed", fields=["initiative", "request", "organization", "member", "at"]
    ),
    pgtrigger.Protect(
        name="withdrawn_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
    ),
    pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
]

ASK = [
    pgtrigger.ReadOnly(
        name="keeps_what_it_asks", fields=["initiative", "uid", "request", "addressee", "text"]
    ),
    pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
]
