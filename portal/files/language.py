"""A guess at the language of a text, from its commonest words; a proposal for a person to
confirm.
"""

from __future__ import annotations

import re

_COMMON = {
    "de": "der die das und ist mit für von den nicht ein eine auf sich werden im zu auch bei wir",
    "en": "the and of to in is for with that are on this be as your you we by from it",
    "es": "el la los las de que y en para con una por su más como del es se al lo",
    "fr": "le la les des et est pour dans que une sur avec vous nous du au par pas sont votre",
    "it": "il la di che e per con una del della sono nel alla più come gli le è si da",
    "nl": "de het een en van is voor met op te zijn dat aan niet door uw wij bij ook naar",
    "pl": "i w na z do się nie jest to że o dla od przez po oraz jak są co za",
    "pt": "o a os as de que e em para com uma por não mais como do da é se dos",
    "sv": "och att det som en på är för med av till den inte om ett har vi från kan du",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+")


def guess(text: str) -> str:
    """A two-letter code, or nothing when too little speaks for one language."""
    words = [word.lower() for word in _WORD.findall(text[:20_000])]
    scores = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    is_plain = scores[first] >= 5 and scores[first] > 1.15 * scores[second]
    return first if is_plain else ""
