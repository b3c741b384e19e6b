"""Which attributions are no saying: thoughts, plans, acts, questions of reporters, names of those who are quoted."""

from __future__ import annotations

import re

from onrecord.curate.resolve.lexicons import rows
from onrecord.curate.resolve.nouns import paper_by
from onrecord.curate.resolve.parting import said_at
from onrecord.curate.resolve.verbs import has_verb
from onrecord.curate.spans import Attribution

__all__ = ["no_saying"]

_PRONOUN = re.compile(r"(?:they|he|she|it|we|I)", re.IGNORECASE)
_MARK = re.compile(r"[“”\"]")
_ANONYMITY = re.compile(
    r"\b(?:anonymity|(?:not|declined) (?:to )?be (?:named|identified)|requested anonymity|(?:name|identity) (?:to be )?(?:published|used|printed|disclosed|revealed))\b",
    re.IGNORECASE,
)
# What somebody is asked at the beginning of a sentence, up to its comma, is said by nobody.
_QUESTIONED = re.compile(
    r"(?:^|[.!?]|[.!?,][”\"])\s*(?:When )?[Aa]sked (?:about|whether|if|why|how|what|when)\b[^,.!?“”\"\n]*\Z",
    re.MULTILINE,
)
_LONGEST_QUESTION = 240
_ADDRESSED = re.compile(r"\b(?:asked|ordered|told|urged|invited|requested|required|forced|allowed)$", re.IGNORECASE)
_BE = re.compile(r"\b(?:is|are|was|were|been|being)\b", re.IGNORECASE)
_DOCUMENTS = re.compile(
    r"(?:(?:the|internal|leaked|court|government) )*(?:documents?|papers|e-?mails?|records|letters?|memos?|minutes|filings|messages)",
    re.IGNORECASE,
)
_IN_COURT = re.compile(
    r"(?:an?|the) (?:[\w-]+ ){0,2}(?:court|jury|inquest|inquiry|tribunal|hearing|panel|committee) heard", re.IGNORECASE
)
_NOBODY = re.compile(
    r"(?:this|that|these|those|which|what|there|alone|you|me|us|nobody|no one|none|neither(?: [\w ]+)?)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:(?:on|the|that|this|last|next|same|following|previous|earlier|late|early) )*"
    r"(?:day|week|month|year|evening|morning|afternoon|night|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![.] )(?<![\n])[A-Z][\w’'-]+, $")
_LONGEST_NAME = 60
_WRITTEN_TO = re.compile(r"\b(?:wrote|writ(?:es?|ten|ing)) to$", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:ask|asks|asked)$", re.IGNORECASE)
_ASKER = re.compile(r"\b(?:journalists?|reporters?|moderators?|interviewers?|hosts?)$", re.IGNORECASE)
_PLACE_OF_PAPER = re.compile(
    r"(?:posted|published|released|issued|carried|broadcast|aired|circulated)(?: (?:on|by|in|at))?", re.IGNORECASE
)
_PAPER = re.compile(
    r"(?:an? |the |its |his |her )?(?:\w+ )?(?:statement|letter|message|video|photographs?|photos?|transcript)s?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:[A-Z][a-z]{2,8}\.? )?\d{1,2}(?: [A-Z][a-z]+)?(?:,? \d{4})?|[A-Z][a-z]+day", re.DOTALL)
_CITES = re.compile(r"(?:citing|quoting|cited|quoted|cites|quotes)", re.IGNORECASE)
_WROTE = re.compile(r"\b(?:wrote|writ(?:e|es|ing|ten))$", re.IGNORECASE)
_ANYBODY = re.compile(r"\b(?:those|people|anyone|everyone|anybody|everybody|somebody|someone) $", re.IGNORECASE)
_WHATEVER = re.compile(r"\b[Ww]hat(?:ever)? $")
_IS = re.compile(r"(?:is|was|are|were) ")
_DONE = re.compile(
    r"(?:(?:has|have|had|was|were) )?(?:\w+ly )?(?:agreed?|agrees|offer(?:s|ed)?|asked|requested|ordered)(?: to| on| for)?",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"(?:will|would|should|must|may|might) (?!not\b)", re.IGNORECASE)
_NOTHING = re.compile(r"(?:them|him|her|it|us|me|you|this|that|so|no|yes)", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z][\w’'-]*\.? ?){1,3}|(?:him|her|them|it|this|that)")
_REFUSED = re.compile(
    r"(?:(?:has|have|had|is|are|was|were) )?(?:\w+ly )?(?:refus(?:es|ed|ing?|e)|declin(?:es|ed|ing|e))( to)?"
)
_TO_TELL = re.compile(
    r"(?:to )?(?:\w+ly )?(?:comment|respond|reply|answer|discuss|elaborate|speculate|confirm|deny|say|tell|talk|speak|disclose|reveal"
    r"|identify|name|specify|give|provide|explain|be (?:drawn|named|identified|interviewed|quoted))\b"
)
_OF_WHICH = re.compile(r"(?<=\w) (?:that|which|who) ")
_OURSELVES = re.compile(r"we|I", re.IGNORECASE)
_OURS = re.compile(r"your|our|my", re.IGNORECASE)
_A_WORD = re.compile(r"[“\"][\w’'-]+,?[”\"]")
_SHOWS = re.compile(r"\b(?:show(?:s|ed|n)?|found|finds|suggest(?:s|ed)?|indicate[sd]?|discovered)$")
_TO_PLACE = re.compile(r" (?:to|at) (?:the |his |her |its |their )?[A-Z]")
_SHORT = 20


def no_saying(text: str, one: Attribution) -> bool:
    """Whether an attribution is a thought, a plan or an act of whom it names; what is expected by nobody stays."""
    cue, said = said_at(text, one.cue), said_at(text, one.content)
    if not one.content or _ANONYMITY.search(f"{cue} {said}"):
        return True
    if not one.cue:  # a turn of a transcript, or words that are signed
        return False
    if _QUESTIONED.search(text, max(0, one.cue[0].start - _LONGEST_QUESTION), one.cue[-1].end):
        return True
    if not one.source:
        return _ADDRESSED.search(cue) is not None or (
            not _BE.search(cue) and (_unsaid(cue, said) or one.reason.startswith("the verb "))
        )
    source = said_at(text, one.source)
    if (_DOCUMENTS.fullmatch(source) and one.parent is not None) or _IN_COURT.fullmatch(f"{source} {cue}"):
        return False  # "documents seen by the paper show", "a court heard"
    if paper_by(source) and _SHOWS.search(cue):  # "a study by Ann Lee shows that rents rise"
        return not has_verb(said)
    if _claims_nothing(one, source, cue, said) or _is_nobody(text, one, source, said):
        return True
    if source == "which" and _NAMED.search(text, max(0, one.source[0].start - _LONGEST_NAME), one.source[0].start):
        return _unsaid(cue, said)
    return _unsaid(cue, said) or _NOBODY.fullmatch(source) is not None or _TIME.fullmatch(source) is not None


def _unsaid(cue: str, said: str) -> bool:
    """Whether a cue is none of saying; some are where what follows is a clause ("maintained that …")."""
    held = (row for row in rows("unsaid") if not row["content"] or not has_verb(said))
    return any(re.fullmatch(row["cue"], cue, re.IGNORECASE) for row in held)


def _claims_nothing(one: Attribution, source: str, cue: str, said: str) -> bool:
    """Whether the content is no claim: a reporter's question, who is quoted, a book that is written, a date."""
    if one.quote_type == "indirect" and _WRITTEN_TO.search(cue) and " that " not in said:
        return True
    if (_ASKS.search(cue) and _ASKER.search(source)) or (_PLACE_OF_PAPER.fullmatch(cue) and _PAPER.fullmatch(source)):
        return True
    if one.reason.startswith("the noun ") and (_DATE.fullmatch(said) or _NAME.fullmatch(said)):
        return True
    if one.kind == "statement" and _REFUSED.fullmatch(cue) and not _TO_TELL.match(said):
        return True
    if one.reason.startswith("the verb welcome") and one.quote_type == "indirect" and _TO_PLACE.search(said):
        return True  # "welcomed leaders to the White House"
    if one.reason.startswith("the verb agree") and one.quote_type == "indirect" and not has_verb(said):
        return not said.startswith(("to ", "on "))
    named = _CITES.fullmatch(cue) or (one.quote_type == "indirect" and _WROTE.search(cue))
    return bool(named) and not has_verb(_OF_WHICH.split(said, maxsplit=1)[0])


def _is_nobody(text: str, one: Attribution, source: str, said: str) -> bool:
    """Whether whoever is said to say it is anybody ("those who say"), or only said to have acted by somebody else."""
    at = one.source[0].start
    if source == "who" and _ANYBODY.search(text, max(0, at - _SHORT), at):
        return True
    to_come = one.kind == "statement" and one.quote_type == "indirect" and _TO_COME.match(said_at(text, one.cue))
    if to_come and one.reason.endswith(", then what") and not has_verb(said):  # "they may endorse her"
        return True
    if _WHATEVER.search(text, max(0, at - _SHORT), at) and _IS.match(text, one.content[0].start):
        return True
    if one.parent is None and _OURSELVES.fullmatch(source):  # the outlet itself
        return True
    if one.parent is None or one.kind != "statement" or _MARK.search(_A_WORD.sub("", said)):
        return False
    own = _PRONOUN.fullmatch(source) and has_verb(said)
    if one.reason.startswith("the adjective ") and not own:  # "53 percent are against it"
        return True
    if one.reason.startswith("the noun ") and _OURS.fullmatch(source):
        return True
    cue = said_at(text, one.cue)  # "said A had agreed a fee", "said B would demand it", "said they told him"
    return bool(_DONE.fullmatch(cue) or _TO_COME.match(cue) or _NOTHING.fullmatch(said))
