"""Words that files use where a number is missing, and what each says about the reason.

Blank, NA and dashes only say that there is none: "unknown". A mapping may say more for its file.
Sources: CDC WONDER (Suppressed, Unreliable, Not Applicable), NYC and NY State education (s),
EDFacts (PS), College Scorecard (PrivacySuppressed), NCES tables († ‡ —), US Census ((X), (D)),
UK Analysis Function ([c] [u] [x] [z] [low]).
"""

from __future__ import annotations

_UNKNOWN = (
    "", "-", "--", "---", ".", "..", "...", "…", "?", "na", "n/a", "#n/a", "<na>", "n.a.", "nan",
    "null", "none", "nil", "missing", "unknown", "no data", "nd", "n.d.", "s/d", "sin datos",
    "sin dato", "desconocido", "#value!", "#ref!", "#div/0!", "#num!", "[low]", "not stated",
)  # fmt: skip
_NOT_COLLECTED = (
    "not collected", "not available", "unavailable", "not reported", "not recorded", "[x]",
    "no disponible", "no recopilado", "no recolectado", "not asked", "no se pregunto",
    "not_collected", "no se recogió", "no se recogio",
)  # fmt: skip
_REFUSED = (
    "refused", "declined", "withheld", "not provided", "not released", "not shared",
    "no proporcionado", "negado", "rehusado", "not shared by its holder",
    "quien lo tiene no lo comparte",
)  # fmt: skip
_TOO_SMALL = (
    "s", "*", "**", "***", "suppressed", "supp", "(s)", "ps", "privacysuppressed",
    "privacy suppressed", "too small", "too few", "small n", "c", "(c)", "[c]", "(d)",
    "confidential", "redacted", "masked", "hidden", "suprimido", "suprimida", "confidencial",
    "oculto", "data suppressed", "suppressed data", "<", "n<", "too_small",
    "hidden by its holder as too small", "oculto por quien lo tiene, por ser muy pequeño",
)  # fmt: skip
_LATE = (
    "late", "pending", "not yet available", "not yet reported", "forthcoming", "tba", "tbd",
    "delayed", "pendiente", "aun no disponible", "aún no disponible", "not there yet",
    "todavía no llega",
)  # fmt: skip
_NOT_APPLICABLE = (
    "not applicable", "does not apply", "(x)", "[z]", "†", "no aplica", "n/ap", "not offered",
    "not_applicable", "no corresponde",
)  # fmt: skip
_UNRELIABLE = (
    "unreliable", "[u]", "(u)", "dsu", "‡", "not reliable", "unstable", "no confiable",
    "statistically unreliable", "called unreliable by its holder",
    "quien lo tiene lo considera poco confiable",
)  # fmt: skip

MISSING_WORDS: dict[str, str] = {
    word: code
    for code, words in (
        ("unknown", _UNKNOWN),
        ("not_collected", _NOT_COLLECTED),
        ("refused", _REFUSED),
        ("too_small", _TOO_SMALL),
        ("late", _LATE),
        ("not_applicable", _NOT_APPLICABLE),
        ("unreliable", _UNRELIABLE),
    )
    for word in words
}
