"""What a speaker does in saying it, which side they take and how surely: by the words of cue and content."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.curate.resolve.lexicons import patterns
from onrecord.curate.resolve.verbs import has_verb

__all__ = ["Judgement", "evaded", "hedge_of", "judge", "negation_of", "proposition_kind"]

_NEGATED = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|will|would|could|should|can|may|might|must)"
    r"(?: not\b(?! (?:only|just|merely|simply|hesitate|fail|rule out|exclude))|n[’']t\b(?! (?:only|just|merely|simply|hesitate|fail|rule out|exclude)))|(?:wo|ca)n[’']t\b|cannot\b(?! be ruled out| rule out| be excluded)|never\b|no longer\b|failed to\b|fails to\b"
    r"|(?:has|have|had|is|are|was|were|there (?:is|are|was|were|(?:may|might|could|will|would) be)) no\b|nor\b|unlikely\b)",
    re.IGNORECASE,
)
# Whoever is quoted as doubting holds it probable that it is not so.
_DOUBT = re.compile(
    r"\b(?:I|we|he|she|it|they)(?: \w+ly| also| still| do| does| did)? doubt(?:s|ed)?\b(?! (?:it )?not\b)"
    r"|\b(?:I am|I'm|we are|we're|(?:he|she|it) (?:is|was)|they (?:are|were)) doubtful\b|\bit is doubtful\b",
    re.IGNORECASE,
)
_UNDOUBTED = re.compile(
    r"\b(?:no|not|never|without|beyond|little)(?: \w+)? doubt\b|n't(?: \w+)? doubt\b", re.IGNORECASE
)
# Behind these words another clause begins, whose hedges and negations are not those of the claim.
_FURTHER = re.compile(
    r"(?<=[a-z]{2})(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})(?<!\b[A-Z][a-z]{3})[.!] |: (?-i:(?=[A-Z]))|[,;] (?:who|which|where|when|while|whose|but|although|and)\b|\b(?:if|unless|because|that|who|whether|(?:what|how|why) (?:is|are|was|were|the|it|he|she|they))\b|[?]",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|would(?! (?:not )?have\b)|won[’']t|shall|going to|(?:is|are) to|to (?:meet|visit|travel|hold|attend|discuss))\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:will|would(?! (?:not )?have\b)|won[’']t|shall|(?:is|are|was|were) (?:not )?going to)\b", re.IGNORECASE
)
_UNHEDGED_WILL = re.compile(r"\b(?:will|shall|won't|(?:is|are) (?:not )?going to)\b", re.IGNORECASE)
_TO_DO = re.compile(r"^([A-Z][^,]*?) to [a-z]{2,}\b")  # "Talks to resume in May", as headlines say it
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|must|should|says?|said|wants?|needs?|\w+ed)\b",
    re.IGNORECASE,
)
_INTENT = re.compile(
    r"\b(?<!than )(?<!ed )(?:plan(?:ned|ning|s?(?! (?:is|are|was|were|would|will|has|have)\b))|hop(?:es?|ed|ing)|want(?:s|ed)?|seek(?:s|ing)?|sought|consider(?:s|ed|ing)?"
    r"|contemplat\w+|intend\w*|aim(?:s|ed|ing)?|looking to|prepar(?:es|ed|ing) to|mull\w*|weigh(?:s|ed|ing)?|wish\w*)\b",
    re.IGNORECASE,
)
_MAY_NOT = re.compile(r"(?:may|might) not", re.IGNORECASE)
# A clause put before the main one: its hedges and negations are not those of the claim either.
_FRONTED = re.compile(
    r"(?:as long as|so long as|if|even if|unless|when|while|although|though|because|since|until|once)\b[^,]{3,120}, (?!which\b|who\b|where\b)(?=\w)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:no (?!longer|doubt|matter)(?=[a-z])|no one\b|nobody\b|nothing\b|none of\b|neither of\b)", re.IGNORECASE
)
_WHETHER = re.compile(r"whether\b", re.IGNORECASE)
_QUESTION = re.compile(r"^(?:how|what|when|where|who|why|which)\b", re.IGNORECASE)
_SILENCE = re.compile(
    r"\b(?:has|have|had)(?: also| still| yet)?(?:n[’']t| not| never)(?: yet| publicly| also)? "
    r"(?:commented|responded|replied|answered|said|stated|confirmed|announced|reacted|spoken (?:publicly|out|about|on))\b"
    r"|\b(?:did|could)(?: not|n[’']t)(?: \w+ly)? (?:elaborate|specify|give (?:any )?(?:further )?details|be reached)\b"
    r"|\bthere (?:was|were|has been|have been|had been) no (?:\w+ ){0,3}(?:comments?|responses?|reactions?|reply|confirmation|statements?|word)\b"
    r"|\b(?:(?:has|have|had) )?(?:made|offered|given|issued|provided) no (?:\w+ ){0,2}(?:comments?|responses?|reply|statements?)\b"
    r"|\b(?:has|have|had) yet to (?:\w+ly )?(?:comment|respond|reply|react|answer|confirm|say)\b"
    r"|\b(?:was|were) not (?:immediately )?(?:possible to (?:reach|contact)|reachable|available (?:for|to) comment)\b"
    r"|\bcould(?: not|n[’']t) (?:immediately )?be (?:reached|contacted)\b"
    r"|\b(?:no one|nobody)\b.{0,60}\bavailable (?:for|to) comment\b|\bneither confirmed nor denied\b|\bneither (?:\w+ )?(?:has|have|had) (?:yet |so far )?(?:said|commented|responded|confirmed|announced|disclosed)\b"
    r"|\b(?:gave|given|gives|offered|provided) no (?:\w+ )?(?:dates?|details?|reasons?|information|figures?|numbers?|explanation|timetable)\b"
    r"|\b(?:kept|keeps|keeping|stayed|remained?|remains) (?:mum|silent|quiet|tight-lipped)\b"
    r"|\b(?:mum|coy|silent|tight-lipped) (?:on|about|over)\b|\bno (?:\w+ ){0,4}(?:was|were|has been|have been) seen\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\]?[\s,]*(?:(?:an?|the|any|those|these|such|recent|media|press|news) )*(?:(?:reports?|claims?|rumou?rs?) )?(?:that|if|whether|of|on|about) "
    r"|\]?\s+",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_NO_MATTER = re.compile(
    r"(?:to )?(?:comment|respond|reply|answer|elaborate|say(?: more)?|confirm(?: it| this| that)?)(?: (?:further|immediately|on (?:the|this) (?:matter|report|issue)|on it))?",
    re.IGNORECASE,
)
_BARE = ("", "report")


@dataclass(frozen=True)
class Judgement:
    """speech_act, stance and certainty of a claim, the kind of its proposition, the words that decided, what is a guess."""

    speech_act: str
    stance: str
    certainty: str
    proposition_kind: str
    reason: str
    guesses: frozenset[str] = frozenset()


def judge(
    kind: str, cue: str, content: str, *, narrated: bool = False, outlet: bool = False, official: bool = False
) -> Judgement:
    """Judge one claim by the lexicons; what comes out obeys the rules of meaning.

    ``kind`` is that of the Attribution. ``narrated`` says that nobody is cited, ``outlet`` that the speaker is a
    news outlet, ``official`` that it is a body or a state, which controls what it says will be.
    """
    content = content.replace("’", "'")
    if kind == "refusal" and _NO_MATTER.fullmatch(content.strip()):
        return Judgement("decline_comment", "noncommittal", "Uu", "fact", f"“{cue} {content}” takes no side")
    if kind == "refusal":
        return Judgement("decline_comment", "noncommittal", "Uu", _asked(content), f"refusal by “{cue}”")
    if kind == "absence" or (narrated and _SILENCE.search(content)):
        return Judgement("state", "affirm", "CT+", "absence", "a silence that is stated, not kept")
    if evasion := _evasion(content):
        words, act = evasion
        return Judgement(act or "state", "noncommittal", "Uu", _asked(content), f"“{words}” takes no side")
    row, said = _cue(cue)
    if _WHETHER.match(content) and row.get("stance") != "deny":
        return Judgement(
            row.get("speech_act") or "state", "noncommittal", "Uu", _asked(content), "“whether” takes no side"
        )
    if row.get("stance") == "noncommittal":
        return Judgement(
            row["speech_act"] or "decline_comment", "noncommittal", "Uu", _asked(content), f"“{said}” takes no side"
        )
    if row.get("stance") == "deny":
        what = "prediction" if row["speech_act"] == "predict" else proposition_kind(content)
        return Judgement(row["speech_act"], "deny", row["certainty"], what, f"“{said}” denies")
    return _weighed(row, said, content, narrated, outlet, official)


def _weighed(row: dict[str, str], said: str, content: str, narrated: bool, outlet: bool, official: bool) -> Judgement:
    """Stance and certainty from cue, hedge and negation; the act from the cue, or from the content where that is bare."""
    reasons, guesses = [f"“{said}” is {row['speech_act']}"] if row.get("speech_act") else [], set()
    hedge, future, level, concerned = hedge_of(content)
    if not hedge and row.get("certainty"):
        hedge, level, future = (
            said,
            row["certainty"].rstrip("+-"),
            row["stance"] == "expect" or bool(_FUTURE.search(content)),
        )
    denied = negation_of(content) or ("" if narrated else _none_of(content))
    if _UNDOUBTED.search(_own_clause(content)):
        denied = ""
    elif not narrated and (doubted := _DOUBT.search(_own_clause(content))):
        hedge, level, denied = doubted[0], "PR", doubted[0]
    stance, certainty = "affirm", "CT+"
    if hedge:
        stance = "expect" if future else "affirm"
        certainty = f"{level}+"
        reasons.append(f"“{hedge}” lowers the certainty to {level}")
    if denied:
        possible = not hedge and _MAY_NOT.fullmatch(denied)
        stance, certainty = "deny", f"{level if hedge else 'PS' if possible else 'CT'}-"
        reasons.append(f"“{denied}” turns it round")
        guesses |= {"stance", "certainty"}
    act = row.get("speech_act", "")
    if act in _BARE:
        act = (
            "report"
            if outlet and not narrated
            else concerned or _act_of(content, stance, bool(hedge), official, narrated)
        )
        if narrated and act in ("predict", "assess"):
            guesses.add("speech_act")
    ahead = stance == "expect" or (certainty == "PS-" and not re.search(r"\bhave\b", content))
    kind = "prediction" if ahead else proposition_kind(content)
    return Judgement(act, stance, certainty, kind, "; ".join(reasons) or "plain", frozenset(guesses))


def _act_of(content: str, stance: str, hedged: bool, official: bool, narrated: bool) -> str:
    """A future outside the speaker's control is predict; a hedge on what is past or present assess; else state."""
    if stance == "expect":
        return "predict"
    if hedged:
        return "assess"
    if narrated:
        return "predict" if _UNHEDGED_WILL.search(_own_clause(content)) else "state"
    if stance == "deny":
        return "predict" if _WILL.search(_own_clause(content)) else "deny"
    if _WILL.search(_own_clause(content)) and not _INTENT.search(content):
        return "announce" if official else "predict"
    return "state"


def hedge_of(content: str) -> tuple[str, bool, str, str]:
    """The hedge in a claim's own clause; its parts are empty where there is none.

    Its words, whether it is on what is yet to come, PR or PS, and the speech act that the words themselves are.
    """
    clause = _own_clause(content)
    for pattern, row in patterns("hedges", "words"):
        if match := pattern.search(clause):
            return match[0].strip(), row["future"] == "yes", row["certainty"], row["speech_act"]
    return "", False, "", ""


def negation_of(content: str) -> str:
    """The words that negate a claim's own clause; empty where none do."""
    match = _NEGATED.search(_own_clause(content))
    return match[0] if match and not content.rstrip("”\"' ").endswith("?") else ""


def _none_of(content: str) -> str:
    """The words by which a clause says that nobody or nothing did or is so: "no date had been set"."""
    clause = _own_clause(content)
    match = _NONE.match(clause)
    return match[0].strip() if match and has_verb(clause) else ""


def proposition_kind(content: str) -> str:
    """What kind of thing is claimed, by the words that mark a silence, a plan or a future; else fact."""
    if _SILENCE.search(content):
        return "absence"
    clause = _own_clause(content)
    if _INTENT.search(clause):
        return "intent"
    ahead = _FUTURE.search(clause) or hedge_of(content)[1] or _is_to_do(clause)
    return "prediction" if ahead else "fact"


def _is_to_do(clause: str) -> bool:
    return bool((todo := _TO_DO.search(clause)) and not _FINITE.search(clause) and not has_verb(todo[1]))


def _asked(content: str) -> str:
    """The kind of what somebody takes no side on: a question where it is worded as one."""
    return "question" if _QUESTION.search(content) else proposition_kind(content)


def _own_clause(content: str) -> str:
    if fronted := _FRONTED.match(content):
        content = content[fronted.end() :]
    match = _FURTHER.search(content, 12)
    return content[: match.start()] if match else content


def _cue(cue: str) -> tuple[dict[str, str], str]:
    for pattern, row in patterns("acts", "cue"):
        if match := pattern.search(cue.replace("’", "'")):
            return row, match[0]
    return {}, cue


def evaded(content: str, least: int = _LEAST_WORDS) -> int | None:
    """Where in a content that takes no side the words begin that say on what: ``least`` words or more.

    None where it takes a side, or says no more.
    """
    for pattern, _ in patterns("evasions", "words"):
        if match := pattern.search(content.replace("’", "'")):
            rest = _LINK.match(content, match.end())
            at = rest.end() if rest else match.end()
            return at if len(re.findall(r"\w+", content[at:])) >= least else None
    return None


def _evasion(content: str) -> tuple[str, str] | None:
    for pattern, row in patterns("evasions", "words"):
        if match := pattern.search(content):
            return match[0], row["speech_act"]
    return None
