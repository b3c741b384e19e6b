"""Datasette on a built database, with our pages, behind a gate: the application that a server runs."""

from __future__ import annotations

from pathlib import Path

from datasette.app import Datasette
from datasette.plugins import pm

from onrecord.package import Package
from onrecord.site.downloads import downloads
from onrecord.site.gate import Asgi, Gate
from onrecord.site.guard import Guard
from onrecord.site.headers import with_headers
from onrecord.site.metadata import metadata
from onrecord.site.plugin import Plugin
from onrecord.site.public import Public
from onrecord.site.render import Site

__all__ = ["SETTINGS", "application"]

SETTINGS = {
    "suggest_facets": False,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "default_facet_size": 12,
    "max_returned_rows": 1000,
    "max_csv_mb": 50,
    "default_page_size": 50,
    "num_sql_threads": 8,  # twice as many as strangers' SQL may occupy, so that tables always answer
    "allow_download": True,
}
_HERE = Path(__file__).parent


def application(package: Package, folder: Path, at: Public | None = None) -> Asgi:
    """An ASGI application that serves what was built in ``folder``, immutable, at a public address."""
    at = at or Public()
    site = Site(package, folder / "onrecord.db", origin=at.origin)
    for plugin in [p for p in pm.get_plugins() if isinstance(p, (Plugin, Guard))]:
        pm.unregister(plugin)
    pm.register(Plugin(site, downloads(package, folder)), name="onrecord")
    pm.register(Guard(), name="onrecord.guard")
    datasette = Datasette(
        [],
        immutables=[str(folder / "onrecord.db")],
        metadata=metadata(package),
        static_mounts=[("assets", str(_HERE / "static"))],
        settings={**SETTINGS, "base_url": at.base},
    )
    return with_headers(Gate(datasette.app(), at))
