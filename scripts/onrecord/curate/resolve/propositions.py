"""Which known propositions a claim's words may mean, ranked."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.names import Mention, words_of

__all__ = ["Candidate", "Ranking", "folded"]

_OTHER_KIND = 0.85
_CARRIED = 0.15
_STOP = frozenset({
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "for", "from", "with", "by", "as", "that",
    "this", "these", "those", "it", "its", "he", "she", "they", "his", "her", "their", "him", "them", "is",
    "are", "was", "were", "be", "been", "being", "has", "have", "had", "will", "would", "not", "no", "n", "t",
    "s", "who", "which", "whom", "also", "than", "then", "there", "here", "into", "over", "about", "after",
    "before", "said", "says", "say", "mr", "gen",
})  # fmt: skip
_ENDINGS = (
    "ational",
    "ations",
    "ation",
    "ingly",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "y",
    "e",
)
_IRREGULAR = {
    "met": "meet", "sought": "seek", "held": "hold", "sent": "send", "said": "say", "told": "tell", "went": "go", "gone": "go",
    "gave": "give", "given": "give", "took": "take", "taken": "take", "left": "leave", "bought": "buy", "sold": "sell",
    "weapons": "arms", "weapon": "arms", "weaponry": "arms", "munitions": "ammunition", "summit": "meet", "meeting": "meet",
    "trip": "visit", "travel": "visit", "journey": "visit", "travelled": "visit", "traveled": "visit", "drills": "exercise",
    "drill": "exercise", "exercises": "exercise", "negotiations": "talk", "talks": "talk", "talk": "talk",
    "countries": "country", "nations": "country", "nation": "country",
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A known proposition and how like the words it is, 0 to 1."""

    proposition_id: str
    score: float
    text: str


def folded(text: str, mentions: Sequence[Mention], start: int = 0) -> list[str]:
    """The words that carry meaning, stemmed, with each mention of an actor folded to its identifier."""
    found: list[str] = []
    spans = {mention.span.start - start: mention for mention in mentions}
    skip = 0
    for word, at, end in words_of(text):
        if at < skip:
            continue
        if mention := spans.get(at):
            found.append(mention.actor_id)
            skip = mention.span.end - start
        elif word not in _STOP:
            found.append(_stem(word))
        skip = max(skip, end)
    return found


def _stem(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Ranking:
    """Known propositions by TF-IDF over folded words and pairs of them, found by an inverted index.

    The weight of a word is 1 + ln(count) times the logarithm of how rare it is (Salton and Buckley 1988,
    Information Processing & Management 24, 513-523); the score is the cosine.
    """

    def __init__(self, known: Background, find: Callable[[str], Sequence[Mention]]) -> None:
        self._kinds = {key: row["proposition_kind"] for key, row in known.propositions.items()}
        self._carried = known.carried
        self._texts = {key: row["proposition"] for key, row in known.propositions.items()}
        bags = {key: self._bag(folded(text, find(text))) for key, text in self._texts.items()}
        counts = Counter(word for bag in bags.values() for word in bag)
        self._rare = {word: math.log(1 + len(bags) / count) for word, count in counts.items()}
        self._unseen = math.log(1 + max(len(bags), 1))
        self._index: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for key, bag in bags.items():
            weights, length = self._weighed(bag)
            for word, weight in weights.items():
                self._index[word].append((key, weight / length))

    @staticmethod
    def _bag(words: Sequence[str]) -> Counter[str]:
        return Counter(words)

    def _weighed(self, bag: Counter[str]) -> tuple[dict[str, float], float]:
        weights = {word: (1 + math.log(n)) * self._rare.get(word, self._unseen) for word, n in bag.items()}
        return weights, math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0

    def like(self, words: Sequence[str], kind: str, most: int = 5) -> list[Candidate]:
        """The propositions most like folded words, best first.

        One of another kind than the words have counts for less, one that many sources carry for more.
        """
        weights, length = self._weighed(self._bag(words))
        scores: dict[str, float] = defaultdict(float)
        for word, weight in weights.items():
            for key, other in self._index.get(word, ()):
                scores[key] += weight / length * other
        for key in scores:
            same = kind == self._kinds[key]
            scores[key] *= (1.0 if same else _OTHER_KIND) * (1 + _CARRIED * math.log(max(self._carried.get(key, 1), 1)))
            scores[key] = min(scores[key], 1.0)
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:most]
        return [Candidate(key, round(score, 2), self._texts[key]) for key, score in best]
