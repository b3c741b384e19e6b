"""A text as a new source of a package: what would be added, and adding it, all or nothing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.addresses import day_in, host
from onrecord.curate.crediting import credited
from onrecord.curate.draft import Draft, drafting
from onrecord.curate.keeping import kept, place
from onrecord.curate.language import language_tag
from onrecord.curate.layout import Range, lines_of
from onrecord.curate.likeness import REPUBLISHED, Likeness, alike
from onrecord.curate.naming import Names
from onrecord.curate.reading import Reading, RefusedError, published_basis
from onrecord.curate.sourcecells import check_cells, check_term, fault
from onrecord.curate.spans import Span, span_of
from onrecord.curate.tables import Row
from onrecord.evidence import find_texts, normalize, texts_folder
from onrecord.findings import Finding, shown
from onrecord.package import Package
from onrecord.report import Report

__all__ = ["Added", "Given", "add"]


@dataclass(frozen=True)
class Given:
    """What the curator tells of a source, each cell as in the table sources; what is empty is read from the text.

    ``publisher`` is a name or an identifier, ``new_publisher`` that it is another than those whose names are
    like it.
    """

    url: str = ""
    archive_url: str = ""
    published: str = ""
    retrieved: str = ""
    publisher: str = ""
    new_publisher: bool = False
    title: str = ""
    language: str = ""
    genre: str = ""
    access: str = ""
    republished_from: str = ""
    notes: str = ""


@dataclass
class Added:
    """What was added, or would be.

    ``already`` is the source that has this text; then all else is empty. ``report`` is of the package with the
    new rows; where it is not valid, nothing was written. ``likenesses`` are keyed by source. ``text_path`` is
    where the text is kept.
    """

    already: str = ""
    source: Row = field(default_factory=dict)
    publisher: str = ""
    actors: list[Row] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    credits: list[Row] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    text_path: Path | None = None
    report: Report | None = None
    written: list[Path] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return self.report is None or self.report.valid


def add(package: Package, reading: Reading, given: Given, texts: Path | None = None, dry_run: bool = False) -> Added:
    """Add a text to a package: its row in sources, its ranges and credits, new actors, and the text in the folder.

    Nothing is written where the package with the new rows would not be valid, where the text is known already,
    and with ``dry_run``. ``texts`` is the folder of texts, by default ONRECORD_TEXTS, else texts/ in the package.

    Raises RefusedError with all that is wrong with what was given, and PackageError when the package cannot be
    read or written.
    """
    with drafting(package, "onrecord source add", dry_run) as draft:
        found = _Adding(draft, reading, given, texts).planned()
        if not draft.dry and found.text_path is not None and found.valid:
            with kept(found.text_path, reading.text.encode("utf-8"), draft.root) as more:
                found.written = draft.write(more)
    return found


class _Adding:
    """Makes the rows of one new source in a draft."""

    def __init__(self, draft: Draft, reading: Reading, given: Given, texts: Path | None) -> None:
        self.draft, self.reading, self.given = draft, reading, given
        self.folder = texts or texts_folder(draft.root) or draft.root / "texts"
        self.names = Names(draft.rows("actors"), draft.rows("actor_names"))
        self.faults: list[Finding] = []
        self.found = Added(notes=list(reading.notes))

    def planned(self) -> Added:
        """The rows, in the draft, and the report on the package with them. Raises RefusedError."""
        text, sources = self.reading.text, self.draft.rows("sources")
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        held = find_texts(self.folder)
        known = {s["source_id"]: held[s["text_sha256"]] for s in sources if s["text_sha256"] in held}
        if already := self._already(digest, known):
            return Added(already=already)
        row = self._row(digest)
        publisher = self._publisher(row)
        if self.faults:
            raise RefusedError(self.faults)
        ours = {s["source_id"] for s in sources if s["publisher_id"] == publisher}
        self._like(known, ours, row)
        source = self.draft.new("sources", **row)
        self.found.source, self.found.publisher = source, self.names.shown[publisher]
        for r in self.found.ranges:
            self.draft.add(
                "source_ranges",
                source_id=source["source_id"],
                start_char=str(r.start),
                end_char=str(r.end),
                range_kind=r.kind,
            )
        self._credits(source["source_id"])
        self.found.text_path = place(self.folder, digest, source, self.found.publisher)
        self.found.report = self.draft.report(self.folder if self.folder.is_dir() else None)
        return self.found

    def _already(self, digest: str, known: dict[str, str]) -> str:
        """The source that has this text, or the same words in other spacing."""
        for source in self.draft.rows("sources"):
            if source["text_sha256"] == digest:
                return source["source_id"]
        words = normalize(self.reading.text)
        return next((key for key, text in known.items() if normalize(text) == words), "")

    def _row(self, digest: str) -> Row:
        """The cells of the source but for identifier and publisher; what is wrong with them is in ``faults``."""
        given, reading = self.given, self.reading
        language = self._language()
        row = {
            "title": " ".join((given.title or reading.title).split()),
            "url": given.url or reading.url, "archive_url": given.archive_url,
            "published_edtf": given.published or reading.published or day_in(given.url or reading.url),
            "retrieved": given.retrieved, "source_language": language,
            "access": self._term("access", given.access or "full_text"), "coding_scope": "none",
            "republished_from": given.republished_from, "source_notes": " ".join(given.notes.split()),
            "text_length": str(len(reading.text)), "text_sha256": digest,
        }  # fmt: skip
        if not row["title"]:
            self._fault("title", "the text has no headline that can be told from its body", "give its title")
        if row["access"] == "not_seen":
            self._fault("access", "a text that is at hand was seen", "say full_text or excerpt")
        self.faults += check_cells(self.draft, row)
        row["published_basis"] = published_basis(self.reading.text, row["published_edtf"])
        return row

    def _language(self) -> str:
        language = self.given.language or self.reading.language
        if language and not language_tag(language):
            self._fault(
                "source_language", f"{shown(language)} is no language tag", "write it as en, el or pt-BR (BCP 47)"
            )
        elif not language:
            self._fault(
                "source_language", "the language of the text is not sure", "give it as en, el or pt-BR (BCP 47)"
            )
        return language_tag(language)

    def _term(self, name: str, value: str) -> str:
        self.faults += check_term(self.draft, name, value)
        return value

    def _publisher(self, row: Row) -> str:
        """The publisher's identifier, of a new actor if need be; fills publisher, basis and genre of the row."""
        told, page = self.given.publisher, self.reading.publisher
        by_host = self._by_host(row["url"])
        publisher, how = "", ""
        if told in self.names.shown:
            publisher = told
        elif told or (page and not by_host):
            publisher = self._named(told or page)
        elif by_host:
            publisher, how = by_host, "Publisher by the address."
            other = self.names.find(page) if page else ""
            if other and other != by_host:
                what = f"the page names {self.names.shown[other]}, its address is of {self.names.shown[by_host]}"
                self._fault("publisher_id", what, f"say which: {other} or {by_host}")
        else:
            what = "neither the text nor its address tells a publisher that is known"
            self._fault("publisher_id", what, "give its name, or the identifier of an actor")
        if not publisher or self.faults:
            return ""
        row["publisher_id"] = publisher
        stated = bool(page and self.names.find(page) == publisher) or self._named_in_text(publisher)
        row["publisher_basis"] = "stated" if stated else "inferred"
        if not stated:
            note = how or "Publisher as the curator gave it; the text does not name it."
            row["source_notes"] = " ".join(part for part in (row["source_notes"], note) if part)
        row["genre"] = self._term("genre", self.given.genre or self._genre(publisher))
        return publisher

    def _named(self, name: str) -> str:
        if found := self.names.find(name):
            return found
        if re.fullmatch("A[0-9]{4,}", name):
            self._fault("publisher_id", f"there is no actor {name}", "give an identifier of actors, or a name")
            return ""
        like = self.names.like(name)
        if like and not self.given.new_publisher:
            what = f"{shown(name)} is not known, and much like {self.names.shown[like]!r} ({like})"
            self._fault("publisher_id", what, f"give {like}, or say --new-publisher if it is another")
            return ""
        return "" if self.faults else self._actor(name, "media_outlet")

    def _by_host(self, url: str) -> str:
        """The one publisher of the known sources of the same host."""
        publishers = {s["publisher_id"] for s in self.draft.rows("sources") if url and host(s["url"]) == host(url)}
        return publishers.pop() if len(publishers) == 1 else ""

    def _named_in_text(self, publisher: str) -> bool:
        text = normalize(self.reading.text).casefold()
        return any(re.search(rf"\b{re.escape(name)}\b", text) for name in self.names.strong(publisher))

    def _genre(self, publisher: str) -> str:
        """That of all the publisher's other sources, else a news report."""
        genres = {s["genre"] for s in self.draft.rows("sources") if s["publisher_id"] == publisher}
        return genres.pop() if len(genres) == 1 else "news_report"

    def _actor(self, name: str, kind: str) -> str:
        row = self.draft.new("actors", actor_name=name, actor_kind=kind, anonymity="named", sector="JRN")
        self.names.add(row["actor_id"], row["actor_name"])
        self.found.actors.append(row)
        return row["actor_id"]

    def _like(self, known: dict[str, str], ours: set[str], row: Row) -> None:
        """Compares the text with the known ones, boilerplate aside; finds the ranges."""
        waste: dict[str, list[Span]] = {}
        for r in self.draft.rows("source_ranges"):
            if r["range_kind"] == "boilerplate" and (span := span_of(r)):
                waste.setdefault(r["source_id"], []).append(span)
        mine = [Span(r.start, r.end) for r in self.reading.ranges() if r.kind == "boilerplate"]
        told = {key: _without(text, waste.get(key, [])) for key, text in known.items()}
        found = alike(_without(self.reading.text, mine), told)
        doubles = {one.key for one in found if one.overlap >= 0.5}
        others = (t for key, t in known.items() if key in ours - doubles)
        self.found.ranges = self.reading.ranges({normalize(line.text) for t in others for line in lines_of(t)})
        self.found.likenesses = found
        for source in self.draft.rows("sources"):
            if row["url"] and source["url"] == row["url"]:
                note = f"{source['source_id']} has this address; if its text changed: onrecord evidence rebase"
                self.found.notes.append(f"{note} {source['source_id']} FILE")
        for one in found:
            if one.overlap >= REPUBLISHED and one.key in ours:
                self.found.notes.append(
                    f"it seems another edition of {one.key}; if so: onrecord evidence rebase {one.key} FILE"
                )
            elif one.overlap >= REPUBLISHED and not row["republished_from"]:
                what = f"one of it and {one.key} seems to republish the other"
                self.found.notes.append(f"{what}; if it is this one: --republished-from {one.key}")

    def _credits(self, source_id: str) -> None:
        people = [(name, "author", "person") for name in self.reading.authors]
        text = self.reading.text
        for r in self.found.ranges:
            if r.kind == "credit":
                people += [(one.name, one.role, one.kind) for one in credited(text[r.start : r.end])]
        seen: dict[str, list[str]] = {}
        for name, role, kind in people:
            actor_id = self.names.find(name)
            if not actor_id:
                if not kind or (len(name.split()) < 2 and kind == "person") or self.names.like(name):
                    self.found.notes.append(f"credit not recorded, since it is not clear who is meant: {shown(name)}")
                    continue
                actor_id = self._actor(name, kind)
            if actor_id not in seen.setdefault(role, []):
                seen[role].append(actor_id)
                position = str(len(seen[role]))
                row = self.draft.add(
                    "source_credits", source_id=source_id, credit_role=role, credit_position=position, actor_id=actor_id
                )
                self.found.credits += [row] if row else []

    def _fault(self, name: str, what: str, fix: str) -> None:
        self.faults.append(fault(name, what, fix))


def _without(text: str, spans: list[Span]) -> str:
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + text[span.end :]
    return text
