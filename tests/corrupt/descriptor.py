"""Faults of datapackage.json and of the schemas that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from corrupt.copied import Copy, Expected, Wrong, at
from corrupt.kinds import kind

Found = list[Expected | Wrong]
PATH = "datapackage.json"
GROUP = "descriptor"


def spot(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def resource(text: str, name: str) -> tuple[int, int]:
    """Where the object of a resource begins and ends."""
    start = text.rindex("{", 0, text.index(f'"name": "{name}"'))
    return start, text.index("}", start) + 1


def edit(copy: Copy, rng: Random, key: str, new: Callable[[str], str], where: str = "value") -> Found:
    """Write one value of a random resource otherwise; the place is the value's, or that of the object."""
    text = copy.read(PATH).decode()
    start, end = resource(text, rng.choice(copy.names()))
    match = re.compile(rf'"{key}": ("[^"]*"),?\s*').search(text, start, end)
    assert match
    value = json.loads(match[1])
    if where == "gone":
        return [put(copy, text[: match.start()] + text[match.end() :], start)]
    return [put(copy, text[: match.start(1)] + json.dumps(new(value)) + text[match.end(1) :], match.start(1))]


def put(copy: Copy, text: str, offset: int) -> Expected:
    copy.write(PATH, text)
    return at(PATH, *spot(text, offset), "descriptor-complete")


def note(name: str, *arguments: Any) -> None:
    @kind(GROUP, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        return edit(copy, rng, *arguments)


note("a resource without title", "title", str, "gone")
note("a resource without description", "description", str, "gone")
note("a resource without path", "path", str, "gone")
note("a resource without name", "name", str, "gone")
note("a resource whose path is misspelt", "path", lambda v: v.replace(".csv", "s.csv"))
note(
    "a resource whose path is in capitals",
    "path",
    lambda v: v.upper().replace("DATASET", "dataset").replace(".CSV", ".csv"),
)
note("a resource whose path ends in .CSV", "path", lambda v: v.replace(".csv", ".CSV"))
note("a resource whose name is misspelt", "name", lambda v: v[:-2] + v[-1])
note("a resource whose name has a hyphen", "name", lambda v: v + "-2")


@kind(GROUP, "a resource that is no CSV")
def _(copy: Copy, rng: Random) -> Found:
    name = rng.choice(copy.names())
    copy.write(f"dataset/{name}.txt", copy.read(f"dataset/{name}.csv"))
    copy.delete(f"dataset/{name}.csv")
    text = copy.read(PATH).decode().replace(f'"dataset/{name}.csv"', f'"dataset/{name}.txt"')
    return [put(copy, text, text.index(f'"dataset/{name}.txt"'))]


@kind(GROUP, "two resources of one name")
def _(copy: Copy, rng: Random) -> Found:
    one, two = rng.sample(copy.names(), 2)
    text = copy.read(PATH).decode()
    first, second = sorted((one, two), key=lambda n: text.index(f'"name": "{n}"'))
    start = text.index(f'"name": "{second}"')
    text = text[:start] + text[start:].replace(f'"{second}"', f'"{first}"', 1)
    return [put(copy, text, start + len('"name": '))]


@kind(GROUP, "a resource that stands twice")
def _(copy: Copy, rng: Random) -> Found:
    text = copy.read(PATH).decode()
    name = rng.choice(copy.names())
    start, end = resource(text, name)
    text = text[:end] + ",\n    " + text[start:end] + text[end:]
    second = text.index(f'"name": "{name}"', end)
    return [put(copy, text, second + len('"name": '))]


@kind(GROUP, "a resource is gone, its file is there")
def _(copy: Copy, rng: Random) -> Found:
    text = copy.read(PATH).decode()
    text = without(text, rng.choice(copy.names()))
    return [put(copy, text, text.index("[", text.index('"resources"')))]


def without(text: str, name: str) -> str:
    start, end = resource(text, name)
    if text[end] == ",":
        return text[:start] + text[end + 1 :].lstrip()
    return text[: text.rindex(",", 0, start)] + text[end:]


@kind(GROUP, "a resource and its file are gone")
def _(copy: Copy, rng: Random) -> Found:
    text = copy.read(PATH).decode()
    name = rng.choice(copy.names())
    copy.delete(f"dataset/{name}.csv")
    text = without(text, name)
    return [put(copy, text, text.index("[", text.index('"resources"')))]


@kind(GROUP, "a resource whose file is not there")
def _(copy: Copy, rng: Random) -> Found:
    text = copy.read(PATH).decode()
    _start, end = resource(text, rng.choice(copy.names()))
    more = json.dumps(
        {
            "name": "weather",
            "title": "Weather",
            "description": "Weather.",
            "path": "dataset/weather.csv",
            "schema": "schemas/places.json",
        }
    )
    copy.write(PATH, text[:end] + ",\n    " + more + text[end:])
    return [at("dataset/weather.csv", rule="missing-table")]


@kind(GROUP, "a resource that is no object")
def _(copy: Copy, rng: Random) -> Found:
    text = copy.read(PATH).decode()
    _start, end = resource(text, rng.choice(copy.names()))
    text = text[:end] + ',\n    "places"' + text[end:]
    return [put(copy, text, end + 6)]


def head(key: str, pattern: str, new: str, name: str, place: str = "top") -> None:
    @kind(GROUP, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        text = copy.read(PATH).decode()
        match = re.search(pattern, text, re.DOTALL)
        assert match
        text = text[: match.start()] + rng.choice(new.split("|")) + text[match.end() :]
        return [put(copy, text, text.index('"version": ') + len('"version": ') if place == "version" else 0)]


head(
    "version",
    r'"version": "[^"]*"',
    '"version": "v1"|"version": "1.0"|"version": "2026-11-22"|"version": "1.2.3.4"',
    "a version that is not semantic",
    "version",
)
head("version", r'"version": "[^"]*",\s*', "", "no version")
head("licenses", r'"licenses": \[.*?\],\s*', "", "no licence")
head("licenses", r'"licenses": \[.*?\]', '"licenses": []', "an empty list of licences")
head("title", r'"title": "[^"]*",\s*', "", "no title")
head("name", r'"name": "[^"]*",\s*', "", "no name")


def refused(name: str, path: str, new: Callable[[str, Random], str | None]) -> None:
    """A fault that ends the run: the one line that is then said must name the file."""

    @kind("refused", name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        where = path.format(rng.choice(copy.names()))
        text = new(copy.read(where).decode(), rng)
        copy.delete(where) if text is None else copy.write(where, text)
        return [at(where, rule="refused")]


refused("a descriptor that is no JSON", PATH, lambda text, rng: text[: rng.randrange(10, len(text) - 5)])
refused("a descriptor with a comma too many", PATH, lambda text, rng: text.rstrip()[:-1] + ",}")
refused("an empty descriptor", PATH, lambda text, rng: "")
refused("a descriptor that is a list", PATH, lambda text, rng: f"[{text}]")
refused("no descriptor", PATH, lambda text, rng: None)
refused(
    "resources that are no list",
    PATH,
    lambda text, rng: (
        text.replace('"resources": [', '"resources": {"all": [', 1).rstrip()[:-1].rstrip()[:-1] + "]}\n}\n"
    ),
)
refused("no resources", PATH, lambda text, rng: text.replace('"resources"', '"tables"'))
refused(
    "a path that leaves the package",
    PATH,
    lambda text, rng: text.replace('"dataset/', '"' + rng.choice(["../", "/", "https://x.example/", "dataset\\\\"]), 1),
)
refused("a schema is gone", "schemas/{}.json", lambda text, rng: None)
refused("a schema that is no JSON", "schemas/{}.json", lambda text, rng: text[: rng.randrange(1, len(text) - 3)])
refused("a schema that is a list", "schemas/{}.json", lambda text, rng: f"[{text}]")
