"""What the levels, kinds and grades of systems shifts mean, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LEVELS = {
    "structural": _("rules, habits of institutions, where money goes"),
    "relational": _("who knows, trusts and decides with whom"),
    "transformative": _("what people believe and take for granted"),
}

KINDS = {
    "policy": _("a law, a rule, a written decision"),
    "practice": _("how work is done every day"),
    "resources": _("where money, staff and things go"),
    "relationship": _("who works with whom, and how well"),
    "power": _("who decides, and who can say no"),
    "narrative": _("what is said and believed about people"),
    "pathway": _("how one gets from one place in life to the next"),
    "data_use": _("what is counted, who sees it, what is done with it"),
}

GRADES = {
    "documented": _("a law, a contract, minutes or numbers that anyone can check"),
    "several": _("people who do not depend on each other tell the same"),
    "one": _("one person or organization tells it"),
    "own": _("we saw it ourselves"),
    "unknown": _("nobody has judged it; it does not count towards a confirmation"),
}
