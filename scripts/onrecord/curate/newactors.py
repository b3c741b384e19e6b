"""The actors that proposals bring: names for the unnamed by the codebook's rule, and rows of the companion tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.chains import Hop
from onrecord.curate.resolve.dates import reference_day
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.dates import bounds

__all__ = ["NewActors"]

Row = dict[str, str]
_MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


class NewActors:
    """Names and identifiers for the actors that a source brings and the package does not have."""

    def __init__(self, known: Background, source_id: str, publisher: Speaker) -> None:
        self._known, self._source_id, self._publisher = known, source_id, publisher
        self._published = known.sources[source_id]["published_edtf"]
        self._names: dict[str, str] = {}

    def name(self, speaker: Speaker, before: Sequence[Hop] = ()) -> str:
        """The name of a speaker behind other hops; an unnamed one is called after who vouches for it, and when."""
        if speaker.actor_id or not speaker.unnamed:
            return speaker.name
        if speaker.key not in self._names:
            self._names[speaker.key] = f"{speaker.name}, unnamed, {self._vouched(before)}"
        return self._names[speaker.key]

    def _vouched(self, before: Sequence[Hop]) -> str:
        outlet = next((hop for hop in reversed(before) if hop.speaker and not hop.speaker.unnamed), None)
        at = _day(self._published) or self._known.sources[self._source_id]["retrieved"][:4]
        publisher = self._publisher.name
        if outlet is None or outlet.speaker is None:
            return f"{publisher} {at}"
        short, reported = self._short(outlet.speaker), outlet.dated.edtf if outlet.dated else ""
        dated = reference_day(reported) is not None
        return f"{short} {_day(reported)} via {publisher}" if dated else f"{short} via {publisher} {at}"

    def _short(self, speaker: Speaker) -> str:
        """The name of an outlet, or its abbreviation where the package knows one."""
        rows = (row for row in self._known.tables["actor_names"] if row["actor_id"] == speaker.actor_id)
        return next((row["alternative_name"] for row in rows if row["alternative_name"].isupper()), speaker.name)

    def companions(self, rows: Sequence[Row], met: Iterable[Speaker]) -> dict[str, list[Row]]:
        """Rows of actors, actor_roles and actor_links for who is new; their identifiers are put into the worksheet's rows.

        New are the actors of earlier hops (a worksheet's row describes only its speaker), and speakers whose post the
        text gives, with the body in which they hold it.
        """
        speakers = {self.name(one): one for one in met if not one.actor_id}
        cited = {row[name] for row in rows for _, name in _cells(row) if row.get(name)}
        posts = {name: one for name, one in speakers.items() if one.post and one.body and name in cited}
        for one in posts.values():
            if one.body is not None and not one.body.actor_id:
                speakers.setdefault(one.body.name, one.body)
        existing = {row["actor_name"]: key for key, row in self._known.actors.items()}
        wanted = [row[f"hop_{n}_actor"] for row in rows for n in range(1, _hops(row)) if row[f"hop_{n}_actor"]]
        for name, one in posts.items():
            wanted += [name, one.body.name if one.body else ""]
        new = dict.fromkeys(name for name in wanted if name and name not in existing)
        identifiers = {name: f"A+{n}" for n, name in enumerate(new, 1)}
        for row in rows:
            for key, name in _cells(row):
                if not row.get(key) and row.get(name):
                    row[key] = existing.get(row[name]) or identifiers.get(row[name], "")
        tables = {"actors": [_actor(key, name, speakers.get(name)) for name, key in identifiers.items()]}
        tables["actor_roles"], tables["actor_links"] = self._offices(posts, existing | identifiers)
        return {name: table for name, table in tables.items() if table}

    def _offices(self, posts: dict[str, Speaker], identifiers: dict[str, str]) -> tuple[list[Row], list[Row]]:
        """A role for each post, held from the day of publication on, and for whom a spokesperson speaks."""
        roles, links = [], []
        for name, one in posts.items():
            if one.post is None or one.body is None:
                continue
            person, body = identifiers[name], identifiers[one.body.name]
            if reference_day(self._published):
                title = one.post.title[:1].upper() + one.post.title[1:]
                held = f"{self._published}/.."
                roles.append(
                    {"actor_id": person, "organization_id": body, "role_title": title, "held_edtf": held, "source_id": self._source_id}
                )  # fmt: skip
            if one.post.speaks:
                links.append({"actor_id": person, "other_actor_id": body, "link_kind": "speaks_for"})
        return roles, links


def _cells(row: Row) -> list[tuple[str, str]]:
    """The columns of identifiers and of names of a row's speaker and hops."""
    hops = [(f"hop_{n}_actor_id", f"hop_{n}_actor") for n in range(1, _hops(row) + 1)]
    return [("speaker_id", "speaker"), *hops]


def _actor(identifier: str, name: str, one: Speaker | None) -> Row:
    row = {"actor_id": identifier, "actor_name": name}
    if one is not None:
        size = str(one.size) if one.size else "2" if one.anonymity == "unnamed_group" and one.kind == "group" else ""
        row |= {
            "actor_kind": one.kind,
            "anonymity": one.anonymity,
            "size_min": size,
            "actor_country": one.country,
            "sector": one.sector,
        }
        row["size_max"] = str(one.size) if one.size else ""
    return row


def _hops(row: Row) -> int:
    return sum(1 for name in row if re.fullmatch(r"hop_\d+_kind", name))


def _day(published: str) -> str:
    """A date as names of unnamed actors have it: 5 Sept 2023, or the year alone."""
    found = reference_day(published)
    if found is not None:
        return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
    return (bounds(published).start or bounds(published).end)[:4]
