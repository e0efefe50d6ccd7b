"""How a number was made, read from the words files use for it."""

from __future__ import annotations

from measurement.reading.folding import fold

# The values of the model's Grade, from the firmest to the weakest.
GRADES: tuple[str, ...] = (
    "administrative", "survey", "sample", "estimate", "self_reported", "unknown",
)  # fmt: skip
_WORDS = {
    "administrative": "administrative|admin|administrative data|administrative records|records"
    "|full count|count|census|registry|register|vital records|complete|registro|registros"
    "|registros administrativos|conteo completo|censo|complete count|full count from records",
    "survey": "survey|random sample|probability sample|representative survey|encuesta"
    "|muestra aleatoria|survey of a random sample|acs|american community survey",
    "sample": "sample|convenience sample|partial count|not random|muestra|conteo parcial"
    "|count of some not chosen at random",
    "estimate": "estimate|estimated|model|modeled|modelled|model based|imputed|projection|interim"
    "|provisional estimate|estimacion|estimado|estimada|modelo|proyeccion"
    "|estimate from a model or from other numbers",
    "self_reported": "self reported|self report|told|testimony|anecdotal|autodeclarado"
    "|autoinformado|told by those concerned|autorreportado",
    "unknown": "|unknown|not known|na|n a|desconocido|desconocida|not known how it was made"
    "|no se sabe",
}
_BY_WORD = {word: grade for grade, words in _WORDS.items() for word in words.split("|")}


def grade_of(text: str) -> str | None:
    """The grade these words name; None for words that name none."""
    return _BY_WORD.get(fold(text.replace("_", " ")))
