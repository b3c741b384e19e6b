"""The metadata of a release: valid by the libraries that own the formats, and every fault is found by its checker."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from helpers import copy_minimal
from onrecord import cite
from onrecord.dataset import Dataset
from onrecord.findings import PackageError
from onrecord.metadata import Release, ReleasedFile, release_metadata
from onrecord.metadata.about import Person
from onrecord.metadata.cff import cff
from onrecord.metadata.checked import loads, problems
from onrecord.metadata.datacite import datacite
from onrecord.metadata.zenodo import zenodo
from onrecord.package import Package, open_package

NAMES = {"CITATION.cff", "datacite.json", "croissant.json", ".zenodo.json", "citation.bib", "citation.ris"}
Files = dict[str, bytes]


def released_file(path: Path, media_type: str = "application/zip") -> ReleasedFile:
    data = path.read_bytes()
    return ReleasedFile(path.name, len(data), hashlib.sha256(data).hexdigest(), media_type)


def make(package: Package, folder: Path, **more: Any) -> Release:
    """A release in a folder: the archive, the flat table beside it, and the metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: len(package.read(name)[0].rows) for name in package.names}
    resources = [{**r, "rows": rows[r["name"]]} for r in package.descriptor["resources"]]
    with zipfile.ZipFile(folder / "onrecord-0.1.0.zip", "w") as archive:
        archive.writestr("datapackage.json", json.dumps({**package.descriptor, "resources": resources}))
        for name in package.names:
            archive.writestr(package.path(name), package.read_bytes(package.path(name)))
    release = Release(
        package, "2026-11-22", (released_file(folder / "onrecord-0.1.0.zip"),), rows, url="https://example.org/", **more
    )
    for name, data in release_metadata(release).items():
        (folder / name).write_bytes(data)
    return release


def described(folder: Path, **changes: Any) -> Package:
    """The package of a folder after changes of its descriptor; None takes a key away."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps({k: v for k, v in descriptor.items() if v is not None}), "utf-8")
    return open_package(folder)


def minimal(folder: Path, **changes: Any) -> Package:
    return described(copy_minimal(folder), **changes)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    make(open_package(ROOT), folder)
    return folder


@pytest.fixture(scope="module")
def files(real: Path) -> Files:
    return {name: (real / name).read_bytes() for name in NAMES}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return minimal(tmp_path_factory.mktemp("small") / "package", keywords=["strike"], homepage="https://example.org/")


def test_a_release_of_the_real_package_is_valid_and_loads(real: Path, files: Files) -> None:
    assert problems(files) == []
    assert loads(real / "croissant.json") == []


def test_a_release_of_the_minimal_package_is_valid_and_loads(tmp_path: Path) -> None:
    make(minimal(tmp_path / "package"), tmp_path / "dist")
    assert problems({name: (tmp_path / "dist" / name).read_bytes() for name in NAMES}) == []
    assert loads(tmp_path / "dist/croissant.json") == []


def test_the_files_are_the_same_bytes_every_time(tmp_path: Path, files: Files) -> None:
    assert set(files) == NAMES
    again = "import sys; from pathlib import Path; sys.path.insert(0, 'tests'); import test_metadata as t; "
    again += f"t.make(t.open_package('.'), Path({str(tmp_path)!r}))"
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LANG": "C"}
    subprocess.run([sys.executable, "-c", again], cwd=ROOT, env=env, check=True)
    for name, data in files.items():
        # the archive of the tests has times in it, so its hash differs; the rest does not
        bare = [re.sub(rb"[0-9a-f]{64}", b"", one) for one in (data, (tmp_path / name).read_bytes())]
        assert bare[0] == bare[1], name
        assert data.endswith(b"\n"), name
        assert b"\r" not in data, name


def test_the_order_of_keys_in_the_descriptor_changes_nothing(tmp_path: Path) -> None:
    package = minimal(tmp_path / "package")
    before = release_metadata(Release(package, "2026-11-22"))
    descriptor = dict(reversed(package.descriptor.items()))
    descriptor["resources"] = [dict(reversed(one.items())) for one in descriptor["resources"]]
    (tmp_path / "package/datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    assert release_metadata(Release(open_package(tmp_path / "package"), "2026-11-22")) == before


@pytest.mark.parametrize("day", ["", "2026", "20261122", "2026-02-30", "22 November", "2026-11-22T10:00:00"])
def test_a_release_needs_a_day(small: Package, day: str) -> None:
    with pytest.raises(PackageError, match="write it as 2026-11-22"):
        release_metadata(Release(small, day))


def told(name: str, change: Callable[[Any], object]) -> Callable[[Files], None]:
    """A fault: the JSON of a file after a change."""

    def apply(files: Files) -> None:
        value = json.loads(files[name])
        change(value)
        files[name] = json.dumps(value).encode()

    return apply


def text(name: str, old: str, new: str) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        assert re.search(old, files[name].decode(), re.MULTILINE)
        files[name] = re.sub(old, new, files[name].decode(), flags=re.MULTILINE).encode()

    return apply


FAULTS = {
    "cff title": text("CITATION.cff", "^title: .*\n", ""),
    "cff licence": text("CITATION.cff", "CC-BY-4.0", "CC-BY-4"),
    "cff day": text("CITATION.cff", "2026-11-22", "2026-11-32"),
    "cff key": text("CITATION.cff", "^version:", "edition:"),
    "cff yaml": text("CITATION.cff", "^title: ", "title: [ "),
    "datacite title": told("datacite.json", lambda v: v.pop("titles")),
    "datacite licence": told("datacite.json", lambda v: v["rightsList"][0].update(rightsIdentifier="CC-BY-4")),
    "datacite day": told("datacite.json", lambda v: v["dates"][0].update(date="2026-02-30")),
    "datacite range": told("datacite.json", lambda v: v["dates"][1].update(date="2023-09-16/2023-09-05")),
    "datacite relation": told("datacite.json", lambda v: v["relatedIdentifiers"][0].update(relationType="Mentions")),
    "datacite doi": told("datacite.json", lambda v: v.update(doi="zenodo.123")),
    "datacite json": text("datacite.json", r"\A\{", ""),
    "croissant title": told("croissant.json", lambda v: v.pop("name")),
    "croissant licence": told("croissant.json", lambda v: v.pop("license")),
    "croissant day": told("croissant.json", lambda v: v.update(datePublished="2026-11-32")),
    "croissant source": told("croissant.json", lambda v: v["recordSet"][0]["field"][0].pop("source")),
    "croissant file": told("croissant.json", lambda v: v["distribution"].pop(0)),
    "croissant context": told("croissant.json", lambda v: v["@context"].update({"@import": "https://example.org/"})),
    "croissant hash": told("croissant.json", lambda v: v["distribution"][0].pop("sha256")),
    "croissant type": told("croissant.json", lambda v: v["recordSet"][0]["field"][0].update(dataType="sc:Nothing")),
    "croissant reference": told(
        "croissant.json", lambda v: v["recordSet"][1]["field"][0]["references"]["field"].update({"@id": "actors/nothing"})
    ),
    "zenodo title": told(".zenodo.json", lambda v: v.pop("title")),
    "zenodo licence": told(".zenodo.json", lambda v: v.update(license="cc-by-4")),
    "zenodo day": told(".zenodo.json", lambda v: v.update(publication_date="2026-11-32")),
    "zenodo key": told(".zenodo.json", lambda v: v.update(author="A")),
    "zenodo relation": told(".zenodo.json", lambda v: v["related_identifiers"][0].update(relation="mentions")),
    "zenodo list": told(".zenodo.json", lambda v: v.update(keywords="news")),
    "bib title": text("citation.bib", "^  title = .*\n", ""),
    "bib day": text("citation.bib", r"year = \{2026\}", "year = {22 November}"),
    "bib braces": text("citation.bib", r"\}\},$", "},"),
    "ris title": text("citation.ris", "^TI .*\n", ""),
    "ris day": text("citation.ris", "^PY  - 2026", "PY  - soon"),
    "ris end": text("citation.ris", "^ER .*\n", ""),
    "missing": lambda files: files.pop("citation.ris"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(files: Files, fault: str) -> None:
    broken = dict(files)
    FAULTS[fault](broken)
    changed = next(name for name in files if broken.get(name) != files[name])
    # only the file that is broken: the others were checked above, and Croissant takes its time
    found = [
        one for one in problems({changed: broken[changed]} if changed in broken else {}) if one.startswith(changed)
    ]
    assert found, fault
    for one in found:
        assert "\n" not in one
        assert "Traceback" not in one
        assert one.endswith(" anew")


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"null", b"7", b"{}", b"[[1]]", b'"x"'])
def test_files_of_any_content_are_a_sentence(data: bytes) -> None:
    found = problems(dict.fromkeys(NAMES, data))
    assert {one.split(":")[0] for one in found} == NAMES


def rezip(folder: Path, change: Callable[[str, bytes], bytes], honest: bool) -> None:
    """Pack the archive again after a change; ``honest`` tells the new bytes in croissant.json."""
    path = folder / "onrecord-0.1.0.zip"
    with zipfile.ZipFile(path) as archive:
        held = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    croissant = json.loads((folder / "croissant.json").read_bytes())
    for one in croissant["distribution"]:
        if honest or one["@id"] == path.name:
            data = held.get(one["contentUrl"]) or path.read_bytes()
            one["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "croissant.json").write_text(json.dumps(croissant), "utf-8")


def test_changed_bytes_and_columns_are_found_on_loading(tmp_path: Path) -> None:
    package = minimal(tmp_path / "package")
    dist = tmp_path / "dist"

    make(package, dist)
    (dist / "onrecord-0.1.0.zip").write_bytes((dist / "onrecord-0.1.0.zip").read_bytes() + b"x")
    assert "'onrecord-0.1.0.zip' was changed" in " ".join(loads(dist / "croissant.json"))

    make(package, dist)
    rezip(dist, lambda name, data: data.replace(b"Ostrel", b"Ostrol") if "places" in name else data, honest=False)
    (found,) = loads(dist / "croissant.json")
    assert "'dataset/places.csv' was changed" in found

    make(package, dist)
    rezip(dist, lambda name, data: data.replace(b"place_name", b"named") if "places" in name else data, honest=True)
    (found,) = loads(dist / "croissant.json")
    assert found.startswith("places does not load")
    assert "place_name" in found

    make(package, dist)
    rezip(dist, lambda name, data: data + b"L0009,Nowhere,XAA,,,,1\n" if "places" in name else data, honest=True)
    assert len(loads(dist / "croissant.json")) == 2  # what croissant.json and what datapackage.json tell


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["distribution"][0].update(contentUrl="../outside.zip"),
        lambda v: v["distribution"][0].update(contentUrl="https://example.org/a.zip"),
        lambda v: v["distribution"][0].update(contentUrl="absent.zip"),
        lambda v: v["distribution"][1].update(contentUrl="absent.csv"),
        lambda v: v["distribution"].pop(0),
        lambda v: v.pop("recordSet"),
        lambda v: v.update({"@context": "https://example.org/context"}),
        lambda v: v["recordSet"][0].update({"@context": "https://example.org/context"}),
        lambda v: v.update(distribution="x"),
    ],
)
def test_a_croissant_that_leads_elsewhere_is_not_followed(
    tmp_path: Path, real: Path, change: Callable[[Any], None]
) -> None:
    (tmp_path / "onrecord-0.1.0.zip").write_bytes((real / "onrecord-0.1.0.zip").read_bytes())
    (tmp_path / "../outside.zip").write_bytes((real / "onrecord-0.1.0.zip").read_bytes())
    value = json.loads((real / "croissant.json").read_bytes())
    change(value)
    (tmp_path / "croissant.json").write_text(json.dumps(value), "utf-8")
    found = loads(tmp_path / "croissant.json")
    assert found
    assert all(one.endswith("make the release anew") for one in found)


def test_loading_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "No such file" in loads(tmp_path / "croissant.json")[0]
    (tmp_path / "croissant.json").write_text("{", "utf-8")
    assert "make the release anew" in loads(tmp_path / "croissant.json")[0]


def test_the_dois_stand_where_they_belong(tmp_path: Path) -> None:
    package = minimal(tmp_path / "package", repository={"type": "git", "url": "https://example.org/code"})
    ours = Release(package, "2026-11-22", doi="https://doi.org/10.5281/zenodo.12", concept_doi="10.5281/zenodo.11")
    made = release_metadata(ours)
    assert problems(made) == []
    cffed = yaml.safe_load(made["CITATION.cff"])
    assert (cffed["doi"], cffed["identifiers"][0]["value"]) == ("10.5281/zenodo.12", "10.5281/zenodo.11")
    cited = json.loads(made["datacite.json"])
    assert cited["doi"] == "10.5281/zenodo.12"
    assert "event" not in cited
    assert [(r["relatedIdentifier"], r["relationType"]) for r in cited["relatedIdentifiers"]] == [
        ("10.5281/zenodo.11", "IsVersionOf"), ("https://example.org/code", "IsSupplementedBy"),
    ]  # fmt: skip
    assert cited["publisher"]["name"] == "Zenodo"
    deposit = json.loads(made[".zenodo.json"])
    assert "doi" not in deposit  # Zenodo mints it
    assert [r["relation"] for r in deposit["related_identifiers"]] == ["isSupplementedBy"]
    assert json.loads(made["croissant.json"])["identifier"] == "https://doi.org/10.5281/zenodo.12"
    assert b"doi = {10.5281/zenodo.12}" in made["citation.bib"]
    assert b"\nDO  - 10.5281/zenodo.12\n" in made["citation.ris"]

    none = release_metadata(Release(package, "2026-11-22"))
    assert not any(b"doi" in data.lower() for name, data in none.items() if name != "croissant.json")
    foreign = json.loads(zenodo(Release(package, "2026-11-22", doi="10.1234/a", concept_doi="10.1234/b")))
    assert foreign["doi"] == "10.1234/a"
    assert foreign["related_identifiers"][0]["identifier"] == "10.1234/b"


def test_people_have_their_identifiers(tmp_path: Path) -> None:
    people = [
        {"title": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace", "path": "https://orcid.org/0000-0002-1825-0097"},
        {"title": "An Institute", "path": "https://ror.org/03yrm5c26", "roles": ["dataCurator"]},
        {"title": "A Press", "roles": "publisher", "path": "https://example.org/press"},
        {"title": "Helpers", "roles": ["softwareDeveloper", "dataManager"]},
        {"title": "Nobody", "roles": 7},
        {"title": ""}, "x", {"roles": {}},
    ]  # fmt: skip
    release = Release(minimal(tmp_path / "package", contributors=people), "2026-11-22")
    assert problems(release_metadata(release)) == []
    assert [p.name for p in release.creators] == ["Ada Lovelace", "An Institute"]
    assert release.publisher == "A Press"
    assert [(p.name, p.kind) for p in release.others][:2] == [("A Press", "Other"), ("Helpers", "DataManager")]
    assert yaml.safe_load(cff(release))["authors"] == [
        {"family-names": "Lovelace", "given-names": "Ada", "orcid": "https://orcid.org/0000-0002-1825-0097"},
        {"name": "An Institute", "website": "https://ror.org/03yrm5c26"},
    ]
    ada, institute = json.loads(datacite(release))["creators"]
    assert (ada["name"], ada["nameType"], institute["nameType"]) == ("Lovelace, Ada", "Personal", "Organizational")
    assert institute["nameIdentifiers"][0]["nameIdentifierScheme"] == "ROR"
    assert json.loads(zenodo(release))["creators"][0] == {"name": "Lovelace, Ada", "orcid": "0000-0002-1825-0097"}


def test_code_has_its_own_licence(small: Package) -> None:
    wheel = ReleasedFile("onrecord-0.1.0-py3-none-any.whl", 9, "0" * 64, "application/zip")
    release = Release(small, "2026-11-22", (wheel,))
    assert [one["rightsIdentifier"] for one in json.loads(datacite(release))["rightsList"]] == ["CC0-1.0", "Apache-2.0"]
    assert "Apache-2.0" in json.loads(zenodo(release))["notes"]


def test_coverage_is_that_of_the_data(files: Files, data: Dataset) -> None:
    value = json.loads(files["croissant.json"])
    first, last = data.events.date_start.min(), data.events[["date_start", "date_end"]].max().max()
    assert value["temporalCoverage"] == f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"
    assert value["spatialCoverage"][0]["geo"] == {"@type": "sc:GeoCoordinates", "latitude": 43.1, "longitude": 131.9}
    dates = {one.get("dateInformation"): one["date"] for one in json.loads(files["datacite.json"])["dates"]}
    first, last = data.sources.published_start.min(), data.sources.published_end.max()
    assert dates["Publication of the sources"] == f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"


def test_croissant_tells_every_table_field_key_and_reference(files: Files) -> None:
    value = json.loads(files["croissant.json"])
    package = open_package(ROOT)
    sets = {one["name"]: one for one in value["recordSet"]}
    assert list(sets) == package.names
    for name, schema in package.schemas.items():
        assert [f["name"] for f in sets[name]["field"]] == [f["name"] for f in schema["fields"]]
        told = {f["name"]: f for f in sets[name]["field"]}
        for key in schema.get("foreignKeys", []):
            fields, to = key["fields"], key["reference"]
            if isinstance(fields, str) or len(fields) == 1:
                one = told[fields if isinstance(fields, str) else fields[0]]
                assert "references" in one or f"Refers to {to.get('resource') or name}." in one["description"]
    assert sets["actor_names"]["field"][0]["references"] == {"field": {"@id": "actors/actor_id"}}
    assert value["distribution"][1]["containedIn"] == {"@id": "onrecord-0.1.0.zip"}


def test_the_flat_table_is_told_where_it_lies(small: Package) -> None:
    for files, members, inside in (
        (("on-record-0.1.0-flat.csv",), (), False),
        (("a.zip",), ("top/flat.csv", "top/dataset/actors.csv"), True),
    ):
        release = Release(
            small, "2026-11-22", *[tuple(ReleasedFile(n, 1, "0" * 64, "text/csv") for n in files)],
            members=tuple(ReleasedFile(n, 1, "0" * 64, "text/csv") for n in members),
        )  # fmt: skip
        made = release_metadata(release)
        value = json.loads(made["croissant.json"])
        assert value["recordSet"][-1]["name"] == "flat"
        flat = next(one for one in value["distribution"] if one["name"].endswith("flat.csv"))
        assert ("containedIn" in flat) == inside
        assert len({one["@id"] for one in value["distribution"]}) == len(value["distribution"])
        assert [one for one in problems(made) if one.startswith("croissant")] == []


TEXT = st.text(max_size=40) | st.sampled_from(
    ["no", "YES", "~", "null", "1e3", "0o7", "1_000", "12:30:45", "2026-11-22", "- a", "# x", "a: b", "'", '"', "%", "&a *b",
     "{{x}}", "</script>", "\x00\x1b[31m", "\ud800", "\ufeff", "\u2028", "A\r\nTI  - B", "\\", "@misc{", "!!python/object"]
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, name=TEXT, description=TEXT, words=st.lists(TEXT, max_size=3), path=TEXT)
def test_hostile_texts_stay_texts(
    small: Package, title: str, name: str, description: str, words: list[str], path: str
) -> None:
    descriptor = {
        **small.descriptor, "title": title, "description": description, "keywords": words, "homepage": path,
        "contributors": [{"title": name, "path": path, "givenName": path}], "sources": [{"title": title, "path": path}],
    }  # fmt: skip
    release = Release(_with(small, descriptor), "2026-11-22")
    made = release_metadata(release)
    wanted = {
        "title": cite.line(title) or "Data set",
        "name": cite.line(name) or cite.line(path) or "Anonymous",
        "abstract": cite.line(description),
    }
    for reader in (yaml.safe_load, _ruamel):
        back = reader(made["CITATION.cff"].decode())
        assert {
            "title": back["title"],
            "name": back["authors"][0]["name"],
            "abstract": back.get("abstract", ""),
        } == wanted
        assert back.get("keywords", []) == release.keywords
    cited = json.loads(made["datacite.json"])
    assert (cited["titles"][0]["title"], cited["creators"][0]["name"]) == (wanted["title"], wanted["name"])
    assert json.loads(made[".zenodo.json"])["title"] == wanted["title"]
    assert "<" not in re.sub(r"^<p>|</p>$", "", json.loads(made[".zenodo.json"])["description"])
    assert [one for one in problems({**made, "croissant.json": b"{}"}) if not one.startswith("croissant")] == []


def _with(package: Package, descriptor: dict[str, Any]) -> Package:
    other = object.__new__(Package)
    other.__dict__.update(package.__dict__, descriptor=descriptor)
    return other


def _ruamel(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).load(text)


def test_hostile_texts_stay_texts_in_croissant(small: Package) -> None:
    evil = '</script>"\\\n@id: cr:x \u202e {"@id": 1}'
    made = release_metadata(
        Release(
            _with(small, {**small.descriptor, "title": evil, "description": evil, "keywords": [evil]}), "2026-11-22"
        )
    )
    assert problems(made) == []
    assert json.loads(made["croissant.json"])["name"] == cite.line(evil)


def test_the_citation_file_of_the_repository_is_what_the_writer_writes() -> None:
    package = open_package(ROOT)
    written = (ROOT / "CITATION.cff").read_text("utf-8")
    released = yaml.safe_load(written).get("date-released", "")
    assert written == cff(Release(package, released))


def onrecord(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A package with an earlier release, a retired identifier and an address."""
    folder = copy_minimal(tmp_path / "package")
    described(folder, version="0.2.0", doi="10.1234/two", homepage="https://example.org/data/")
    (folder / "releases").mkdir()
    ledger = {"version": "0.1.0", "released": "2031-07-01", "tables": {"claims": {"rows": {"C00001": "a"}}}}
    (folder / "releases/0.1.0.json").write_text(json.dumps(ledger), "utf-8")
    with (folder / "dataset/retired.csv").open("a", encoding="utf-8") as out:
        out.write("claims,C00077,C00001,0.2.0,merged\n")
    return folder


def test_the_command_cites_the_dataset_and_its_versions(published: Path) -> None:
    done = onrecord("cite", str(published))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Anonymous (n.d.). A harbour strike that never was. Version 0.2.0 [data set]. https://doi.org/10.1234/two\n"
    )
    done = onrecord("cite", "--version", "0.1.0", "--format", "csl", cwd=published)
    (item,) = json.loads(done.stdout)
    assert item["version"] == "0.1.0"
    assert item["issued"] == {"date-parts": [[2031, 7, 1]]}
    assert "DOI" not in item  # that of 0.2.0 is of another version
    done = onrecord("cite", "--version", "0.3.0", cwd=published)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "onrecord: there is no version '0.3.0' to cite; there are 0.1.0, 0.2.0\n"


def test_the_command_cites_a_record(published: Path) -> None:
    done = onrecord("cite", "c00001", str(published), "--format", "ris")
    assert done.returncode == 0, done.stderr
    assert "TI  - C00001: " in done.stdout
    assert "T2  - A harbour strike that never was" in done.stdout
    assert "DO  - 10.1234/two" in done.stdout
    assert "UR  - https://example.org/data/claim/C00001" in done.stdout
    assert "is not in version 0.1.0" in onrecord("cite", "C00002", str(published), "--version", "0.1.0").stderr


@pytest.mark.parametrize("identifier", ["C00077", "\x1b[31m" + "x" * 5000])
def test_the_command_refuses_as_show_does(published: Path, identifier: str) -> None:
    cited, showed = (onrecord(command, identifier, str(published)) for command in ("cite", "show"))
    assert (cited.returncode, cited.stdout) == (2, "")
    assert cited.stderr == showed.stderr
    assert "Traceback" not in cited.stderr


def test_a_version_before_the_first_number_is_none_of_croissant(tmp_path: Path) -> None:
    made = release_metadata(Release(minimal(tmp_path / "package", version="1.0.0-rc.1"), "2026-11-22"))
    assert problems(made) == []


def test_a_person_is_human_by_an_orcid_or_a_family_name() -> None:
    assert not Person("A").is_human
    assert Person("A", orcid="0000-0002-1825-0097").is_human
    assert Person("A B", family="B").is_human


@pytest.mark.parametrize(
    ("value", "bare"),
    [("10.1234/a", "10.1234/a"), ("https://doi.org/10.1234/a", "10.1234/a"), ("doi:10.1234/a", "10.1234/a"),
     ("10.1234/a b", ""), ("10.12/a", ""), (None, ""), (7, ""), ("x", "")],
)  # fmt: skip
def test_a_doi_is_bare_or_none(value: object, bare: str) -> None:
    assert cite.bare_doi(value) == bare
