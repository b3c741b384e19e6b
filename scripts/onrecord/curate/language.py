"""In which language a text is, where that is sure."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["guess_language", "language_tag"]

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Scripts that one language of today's news has to itself.
_SCRIPTS = {
    "ko": "가-힣", "ja": "぀-ヿ", "el": "Ͱ-Ͽ", "he": "א-ת", "th": "ก-๛", "hy": "Ա-և", "ka": "ა-ჰ",
}  # fmt: skip
# The commonest words of a language that the others here have not, or seldom.
_WORDS = {
    "en": "the of and to that was for with said by from has have his were will",
    "de": "der die und das ist nicht mit dem den ein eine auf für sich von wird",
    "fr": "le les des et du est une dans que pour qui sur pas au avec ont",
    "es": "el los las y que en por una con del para se su al como más",
    "it": "il di che è per una della con non sono gli alla del le nel anche",
    "pt": "o os e do da que em um uma com não para foi dos por ao",
    "nl": "de het een van en dat niet op zijn voor met aan te werd naar ook",
    "ru": "и в не на что с по он как это из для его она но было",
    "uk": "і в не на що з у та до за про від як він це його",
}
_LEAST_WORDS = 40
_LEAST_SHARE = 0.12
_MARGIN = 2.0


def language_tag(value: str) -> str:
    """A BCP 47 tag as the dataset writes it (en, pt-BR), from what a page or a person gave; empty if it is none."""
    parts = value.strip().replace("_", "-").split("-")
    tag = "-".join([parts[0].lower(), *parts[1:]])
    return tag if _TAG.fullmatch(tag) else ""


def guess_language(text: str) -> str:
    """The language of a text by its script, or by its commonest words; empty unless sure.

    Sure is: half of the letters in a script that one language has to itself, or at least 40 words of
    which 12 in 100 are of one list, twice as many as of any other.
    """
    letters = [c for c in text[:20_000] if c.isalpha()]
    for tag, script in _SCRIPTS.items():
        of_script = sum(1 for c in letters if re.match(f"[{script}]", c))
        if of_script * 2 > len(letters) or (tag == "ja" and of_script * 5 > len(letters)):
            return tag
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    if len(words) < _LEAST_WORDS:
        return ""
    counted = Counter(words)
    shares = sorted(
        ((sum(counted[w] for w in known.split()) / len(words), tag) for tag, known in _WORDS.items()), reverse=True
    )
    (first, tag), (second, _) = shares[:2]
    return tag if first >= _LEAST_SHARE and first >= _MARGIN * second else ""
