"""Sentences of a text do not become ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import onrecord
from onrecord.curate.wording import MOST, Wording

TEXT = "The harbour master said on Monday that four grey ships had left the northern pier before anybody could count their crates."
WORDS = st.lists(st.sampled_from(["ship", "crate", "Tuesday", "it's", "pier"]), max_size=30)


def test_a_run_of_words_is_found_whatever_its_case_and_punctuation() -> None:
    said = "One report: Four GREY ships had left, the northern pier before anybody could count – nobody knows how."
    assert Wording(TEXT).borrowed(said) == "four grey ships had left the northern pier before anybody could count"


@pytest.mark.parametrize(("words", "borrowed"), [(MOST, False), (MOST + 1, True)])
def test_up_to_the_limit_words_may_be_shared(words: int, borrowed: bool) -> None:
    assert bool(Wording(TEXT).borrowed(" ".join(TEXT.split()[3 : 3 + words]))) is borrowed


@given(WORDS, WORDS, WORDS)
def test_what_is_found_stands_in_both_and_nothing_longer_does(
    before: list[str], shared: list[str], after: list[str]
) -> None:
    said, text = " ".join([*before, *shared]), " ".join([*shared, *after])
    found = Wording(text).borrowed(said, 2).split()
    for size in range(3, 31):
        runs = {tuple(text.casefold().split()[at : at + size]) for at in range(len(text.split()) - size + 1)}
        ours = {tuple(said.casefold().split()[at : at + size]) for at in range(len(said.split()) - size + 1)}
        assert (tuple(found) in runs & ours) if size == len(found) else not (size > len(found) and runs & ours)


def test_the_dataset_says_it_in_its_own_words(texts: dict[str, str]) -> None:
    data = onrecord.load()
    held = data.sources.text_sha256.dropna()
    wordings = {source: Wording(texts[sha256]) for source, sha256 in held.items() if sha256 in texts}
    assert wordings
    for claim in data.claims[data.claims.source_id.isin(list(wordings))].itertuples():
        wording = wordings[claim.source_id]
        assert not wording.borrowed(str(claim.claim_summary)), claim.Index
        assert not wording.borrowed(str(data.propositions.proposition[claim.proposition_id])), claim.proposition_id
