"""Datasette on a built database, with our pages: the application that a server runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from onrecord.package import Package
from onrecord.site.downloads import downloads
from onrecord.site.metadata import metadata
from onrecord.site.plugin import Plugin
from onrecord.site.render import Site

__all__ = ["SETTINGS", "application"]

SETTINGS = {
    "suggest_facets": False,
    "sql_time_limit_ms": 1000,
    "default_page_size": 50,
    "allow_download": True,
}
_HERE = Path(__file__).parent


def application(package: Package, folder: Path, base_url: str = "/") -> Any:
    """An ASGI application that serves what was built in ``folder``, immutable, under ``base_url``."""
    site = Site(package, folder / "onrecord.db")
    for plugin in [p for p in pm.get_plugins() if isinstance(p, Plugin)]:
        pm.unregister(plugin)
    pm.register(Plugin(site, downloads(package, folder)), name="onrecord")
    datasette = Datasette(
        [],
        immutables=[str(folder / "onrecord.db")],
        metadata=metadata(package),
        static_mounts=[("assets", str(_HERE / "static"))],
        settings={**SETTINGS, "base_url": base_url},
    )
    return datasette.app()
