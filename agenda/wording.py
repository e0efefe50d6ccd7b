"""Whether a goal is worded as a gap to be made smaller, and how to word it for everybody.

A gap can also be closed by making things worse for some, and it names some people as the problem.
Targeted universalism sets one goal for everyone, and then asks what each group needs to reach it
(powell, Menendian & Ake, "Targeted Universalism", Othering & Belonging Institute, 2019).

Pure: plain texts in, plain texts out. English and Spanish are looked for in every text, whatever
language it is said to be in.
"""

from __future__ import annotations

import re
import unicodedata

# Up to seven words that do not cross into another clause.
_FEW = r"(?:\s+(?![.;:!?])[^\s.;:!?]+){0,7}?\s+"

_GAP_EN = (
    r"(?:gaps?|disparit(?:y|ies)|inequalit(?:y|ies)|inequit(?:y|ies)|disproportionalit(?:y|ies)"
    r"|disproportionality|(?:racial |ethnic |group |gender )?differences)"
)
_VERB_EN = (
    r"(?:clos(?:e(?!\s+(?:to|by|enough|at))|es|ed|ing|ure of)|narrow(?:s|ed|ing)?|"
    r"reduc(?:e|es|ed|ing|tions?)|shrink(?:s|ing)?|shr[au]nk|cut(?:s|ting)?|decreas(?:e|es|ed|ing)|"
    r"lower(?:s|ed|ing)?|lessen(?:s|ed|ing)?|bridg(?:e|es|ed|ing)|eliminat(?:e|es|ed|ing|ion of)|"
    r"eras(?:e|es|ed|ing)|halv(?:e|es|ed|ing)|minimi[sz](?:e|es|ed|ing)|diminish(?:es|ed|ing)?|"
    r"remov(?:e|es|ed|ing)|(?<!the )(?<!by )end(?:s|ed|ing)?(?!\s+of)|level(?:s|ed|ing)?(?: out)?|"
    r"tackl(?:e|es|ed|ing)|address(?:es|ed|ing)?|fewer|less|smaller|narrower|lower)"
)
_PASSIVE_EN = (
    r"(?:closes?|closed|narrows?|narrowed|reduced|shrinks?|shrunk|cut|halves|halved|falls?|fell|"
    r"drops?|decreases?|decreased|eliminated|closing|narrowing|shrinking|disappears?|gone|erased|half|smaller|narrower|ends?)"
)
_GAP_ES = (
    r"(?:brechas?|desigualdad(?:es)?|disparidad(?:es)?|inequidad(?:es)?|"
    r"diferencias?(?=\s+(?:\S+\s+){0,3}?(?:entre|por)\b))"
)
_VERB_ES = (
    r"(?:cerr(?:ar|amos|emos|ando|ada)|cierr(?:a|an|e|en)|cierre de|redu(?:cir|ce|cen|cimos|zca|"
    r"zcan|cida|cidas|ciendo|ccion de)|disminu(?:ir|ye|yen|imos|ya|yan|cion de)|"
    r"acort(?:ar|a|an|amos|e|en)|estrech(?:ar|a|an|amos|e|en)|achic(?:ar|a|an|amos)|"
    r"elimin(?:ar|a|an|amos|e|en|acion de)|acab(?:ar|a|an|amos|e|en) con|termin(?:ar|a|an|e) con|"
    r"baj(?:ar|a|an|amos|e|en)|super(?:ar|a|amos)|combat(?:ir|e|imos)|menos|menor(?:es)?)"
)
_PASSIVE_ES = (
    r"(?:se\s+(?:cierran?|cierre|cierren|reducen?|reduzcan?|acortan?|eliminan?|achican?|estrechan?)"
    r"|cerradas?|reducidas?|eliminadas?|disminuyen?|desaparecen?|baja|bajan|a la mitad)"
)
_BETWEEN_EN = r"(?:\s+\S+){0,4}?\s+(?:between|among|by (?:race|ethnicity|income|gender|group))\b"

_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        rf"\b{_VERB_EN}{_FEW}?(?:\S+-)?{_GAP_EN}\b",
        rf"\b{_VERB_EN}\s+{_GAP_EN}\b",
        rf"\b{_GAP_EN}{_FEW}{_PASSIVE_EN}\b",
        # "No differences between …": still a goal about some compared with others.
        rf"\b(?:no|zero|without|half(?: of)? the)\s+(?:(?!through\b)\S+\s+){{0,4}}?{_GAP_EN}"
        rf"{_BETWEEN_EN}",
        r"\bcatch(?:es|ing)? up (?:to|with)\b",
        rf"\b{_VERB_ES}{_FEW}?{_GAP_ES}(?!\w)",
        rf"\b{_GAP_ES}{_FEW}{_PASSIVE_ES}\b",
        rf"\b(?:se\s+(?:cierran?|reducen?|acortan?|eliminan?|disminuyen?))\s+(?:\S+\s+){{0,3}}?"
        rf"{_GAP_ES}(?!\w)",
        rf"\b(?:sin|ninguna|cero|la mitad de las?)\s+(?:\S+\s+){{0,3}}?{_GAP_ES}"
        r"(?:\s+\S+){0,4}?\s+(?:entre|por)\b",
    )
]


def gap_words(text: str) -> str:
    """The words that make `text` a goal about a gap between groups, or "" when it has none.

    Answers them in lower case, without accents, as they were found.
    """
    plain = _plain(text)
    for pattern in _PATTERNS:
        if found := pattern.search(plain):
            return found.group().strip()
    return ""


def reword(text: str, language: str, share: str = "") -> str:
    """A goal for everybody that keeps the topic and the target of `text`.

    `share` is the target as the form has it ("95 percent"); without it, a share that the text
    itself names is kept, but never "by 50 percent", which measured the gap. Unknown languages get
    English.
    """
    spanish = language.startswith("es")
    topic, when = _topic(text, spanish), _when(text, spanish)
    wanted = share or _share(text)
    if spanish:
        start = f"En {topic}, todos los grupos alcanzan" if topic else "Todos los grupos alcanzan"
        said = f"{start} la meta que fijamos para todas las personas"
    else:
        start = f"In {topic}, every group reaches" if topic else "Every group reaches"
        said = f"{start} the goal we set for everyone"
    said += f": {wanted}" if wanted else ""
    return said + (f", {when}." if when else ".")


def _plain(text: str) -> str:
    """Lower case without accents, invisible signs, hyphen signs of many kinds and extra blanks."""
    bare = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    bare = re.sub(r"[-\u2010-\u2015\u2212/_*“”\"'‘’(),]", " ", bare)
    return re.sub(r"\s+", " ", bare).casefold().strip()


_TIME_EN = re.compile(
    r"\b(?:by|before|until|within)\s+(?:the\s+)?(?:end\s+of\s+)?(?:\d{4}|(?:grade|age)\s+\w+|"
    r"\w+\s+grade|\w+\s+years?|(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december)\s+\d{4})",
    re.IGNORECASE,
)
_TIME_ES = re.compile(
    r"\b(?:para|antes de|hasta|en|a)\s+(?:el\s+|fines de\s+|finales de\s+)?"
    r"(?:año\s+)?(?:\d{4}|(?:tercer|segundo|primer|cuarto|quinto)\s+grado|los\s+\w+\s+años)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|percent|per cent|por ciento)", re.IGNORECASE)
_SHARE_OF_GAP = re.compile(
    r"\b(?:by|in|un|en un|en|a|por|por un)\s+(?:half|a (?:third|quarter|half)|la mitad|"
    r"\d+(?:[.,]\d+)?\s?(?:%|percent|per cent|por ciento)(?:\s+o\s+m[aá]s)?)",
    re.IGNORECASE,
)
_OF_EN = re.compile(
    r"\b(?:gaps?|disparit\w+|inequalit\w+|inequit\w+|differences)\s+in\s+(.+)", re.I
)
_COMPOUND_EN = re.compile(
    r"([\w-]+(?:\s+(?!gaps?\b|disparit|inequit|inequalit)[\w-]+){0,3}?)\s+"
    r"(?:gaps?|disparit\w+|inequalit\w+|inequit\w+)\b",
    re.I,
)
_OF_ES = re.compile(
    r"\b(?:brechas?|desigualdad\w*|disparidad\w*|inequidad\w*|diferencias?)\s+"
    r"(?:de|del|en|en el|en la)\s+(.+)",
    re.I,
)
_PEOPLE = re.compile(r"\s+(?:between|among|entre|by race|by income|por raza|por ingreso)\b.*", re.I)
_NO_TOPIC = re.compile(
    r"^(?:the|a|an|all|our|any|every|each|of|and|this|in|close|closing|narrow|narrowing|reduce|"
    r"reducing|shrink|shrinking|cut|decrease|lower|bridge|eliminate|eliminating|end|ending|erase|"
    r"halve|halving|fewer|less|smaller|no|zero|racial|ethnic|gender|existing|persistent|address|"
    r"tackle|la|las|el|los)\s+",
    re.I,
)

_AT_THE_END = re.compile(
    r"\s+(?:is|are|be|se|falls?|drops?|narrows?|closes?|shrinks?|decreases?|disappears?|cut|closed|"
    r"narrowed|reduced|halved|gone|cierran?|reducen?|acortan?|eliminan?|disminuyen?|desaparecen?|"
    r"and|y|for|para|to)$",
    re.I,
)


def _topic(text: str, spanish: bool) -> str:
    """What the goal is about: "third grade reading" of "the gap in third grade reading by half"."""
    for pattern in (_TIME_ES, _TIME_EN) if spanish else (_TIME_EN, _TIME_ES):
        text = pattern.sub("", text)
    text = _PEOPLE.sub("", _SHARE.sub("", _SHARE_OF_GAP.sub("", text)))
    found = (
        _OF_ES.search(text) if spanish else _OF_EN.search(text) or _COMPOUND_EN.search(text)
    ) or None
    topic = found.group(1) if found else ""
    topic = re.split(r"[,.;:]|\s+(?:so that|para que)\s+", topic)[0].strip()
    while (shorter := _AT_THE_END.sub("", _NO_TOPIC.sub("", topic))) != topic:
        topic = shorter
    return "" if _NO_TOPIC.match(f"{topic} ") else re.sub(r"\s+", " ", topic).strip()[:120]


def _when(text: str, spanish: bool) -> str:
    found = (_TIME_ES if spanish else _TIME_EN).search(text)
    return re.sub(r"\s+", " ", found.group()).strip() if found else ""


def _share(text: str) -> str:
    found = _SHARE.search(_SHARE_OF_GAP.sub("", text))
    return found.group().strip() if found else ""
