"""The modules stand in one order, and each imports only from those above it."""

import ast
from pathlib import Path

import onrecord

HOME = Path(onrecord.__file__).parent
ORDER = [
    "findings",
    "suggest",
    "csvtable",
    "jsonplaces",
    "lock",
    "journal",
    "store",
    "archive",
    "overlay",
    "package",
    "dates",
    "tableschema",
    "evidence",
    "later",
    "rules.offences",
    "rules.time",
    "rules.attribution",
    "rules.evidence",
    "rules.meaning",
    "rules.identity",
    "rules",
    "rulebook",
    "compiled",
    "loaded",
    "views",
    "ruling",
    "cells",
    "references",
    "meant",
    "causes",
    "engine",
    "scan",
    "queries",
    "report.escape",
    "report.text",
    "report.as_json",
    "report.github",
    "report.sarif",
    "report.junit",
    "report",
    "fmt",
    "database",
    "built",
    "parquet",
    "files",
    "duck",
    "sparked",
    "listing",
    "pieces",
    "reference",
    "survey",
    "ahead",
    "validate",
    "engines",
    "known",
    "dataset",
    "build",
    "cite",
    "metadata.about",
    "metadata.cff",
    "metadata.datacite",
    "metadata.croissant",
    "metadata.zenodo",
    "metadata.loading",
    "metadata.checked",
    "metadata",
    "versions",
    "changelog",
    "compat",
    "changes",
    "snapshot",
    "ledgers",
    "revisions",
    "states",
    "diff",
    "differences.as_text",
    "differences.as_json",
    "differences.as_html",
    "differences",
    "site",
    "site.metadata",
    "site.words",
    "site.links",
    "site.records",
    "site.figures",
    "site.coasts",
    "site.charts",
    "site.downloads",
    "site.shelf",
    "site.record_pages",
    "site.list_pages",
    "site.question_pages",
    "site.pages",
    "site.render",
    "site.table_cells",
    "site.headers",
    "site.plugin",
    "site.public",
    "site.gate",
    "site.guard",
    "site.application",
    "site.static",
    "site.serve",
    "show",
    "docs",
    "pack",
    "verify",
    "releasable",
    "release",
    "init",
    "watch",
    "terminal",
    "curate",
    "curate.spans",
    "curate.wording",
    "curate.quotations",
    "curate.layout",
    "curate.language",
    "curate.webpage",
    "curate.reading",
    "curate.likeness",
    "curate.naming",
    "curate.passages",
    "curate.draft",
    "curate.keeping",
    "curate.verifying",
    "curate.adding",
    "curate.rebasing",
    "curate.extract.lexicon",
    "curate.extract.tokens",
    "curate.extract.grammar",
    "curate.extract.quotes",
    "curate.extract.document",
    "curate.extract.verbs",
    "curate.extract.phrases",
    "curate.extract.clauses",
    "curate.extract.drafts",
    "curate.extract.silences",
    "curate.extract.trailing",
    "curate.extract.leading",
    "curate.extract.sayings",
    "curate.extract.quotations",
    "curate.extract.sources",
    "curate.extract.speech",
    "curate.extract.assemble",
    "curate.extract",
    "curate.resolve",
    "curate.resolve.lexicons",
    "curate.resolve.background",
    "curate.resolve.names",
    "curate.resolve.sentences",
    "curate.resolve.sayings",
    "curate.resolve.datewords",
    "curate.resolve.dates",
    "curate.resolve.channels",
    "curate.resolve.judging",
    "curate.resolve.propositions",
    "curate.resolve.summaries",
    "curate.resolve.nouns",
    "curate.resolve.newcomers",
    "curate.resolve.speakers",
    "curate.resolve.chains",
    "curate.resolve.neighbours",
    "curate.resolve.utterances",
    "curate.resolve.narrated",
    "curate.columns",
    "curate.cellform",
    "curate.csvsheet",
    "curate.xlsxsheet",
    "curate.worksheet",
    "curate.proposals",
    "curate.suggesting",
    "curate.damage",
    "curate.tables",
    "curate.minting",
    "curate.evidencing",
    "curate.registry",
    "curate.planning",
    "curate.quoting",
    "curate.claiming",
    "curate.checking",
    "curate.accepting",
    "curate.agreement.matching",
    "curate.agreement.alpha",
    "curate.agreement.codings",
    "curate.agreement.alignment",
    "curate.agreement.units",
    "curate.agreement",
    "curate.agreement.told",
    "curate.agreement.disagreements",
    "curate.agreement.recorded",
    "curate.reviewing",
    "curate.review",
    "options",
    "curate_cli",
    "accept_cli",
    "agreement_cli",
    "review_cli",
    "cli",
    "__main__",
]


def modules() -> dict[str, Path]:
    found = {}
    for path in HOME.rglob("*.py"):
        name = ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            found[name] = path
    return found


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "onrecord":
            module = (node.module or "").removeprefix("onrecord").removeprefix(".")
            for alias in node.names:
                full = f"{module}.{alias.name}".removeprefix(".")
                names.add(full if full in ORDER else module)
    return names - {""}


def test_the_order_names_every_module() -> None:
    assert sorted(ORDER) == sorted(modules())


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        for other in imports(path)
        if ORDER.index(other) >= ORDER.index(name) and not name.startswith(f"{other}.")
    ]
    assert wrong == []


def test_every_module_opens_with_one_sentence() -> None:
    for name, path in modules().items():
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert docstring, name
        assert docstring.splitlines()[0].rstrip().endswith((".", ",")) or len(docstring.split("\n\n")[0]) < 200, name
