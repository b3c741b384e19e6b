"""Runs Datasette on the built database, immutable, on the first free port."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from pathlib import Path

from onrecord.build import build
from onrecord.built import build_folder, is_stale
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.site.metadata import metadata
from onrecord.site.public import public
from onrecord.store import home, recover, write_files

__all__ = ["built_database", "free_port", "serve"]

_TRIES = 50
_PATIENCE = 3


def free_port(host: str, port: int) -> int:
    """The first free port from ``port`` on.

    Raises PackageError when the address cannot be used, or 50 ports in a row are taken.
    """
    for candidate in range(port, min(port + _TRIES, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                raise PackageError(f"cannot listen on {host}: {error.strerror}") from None
            return candidate
    raise PackageError(f"ports {port} to {port + _TRIES - 1} on {host} are taken; name another with --port")


def built_database(package: Package) -> Path | None:
    """The folder with a current database, built if it is stale; None where the package is invalid, which is said.

    Raises PackageError when nothing can be built.
    """
    folder = build_folder(package)
    recover(home(folder))
    if is_stale(package, folder / "onrecord.db"):
        print("building …", flush=True)
        report, written = build(package)
        if not written:
            print(report.text())
            print("nothing served: the package is invalid")
            return None
    return folder


def serve(package: Package, host: str, port: int, url: str | None = None) -> int:
    """Build when stale, then serve until interrupted; returns the exit status.

    ``url`` is the address at which readers find the site, where a proxy stands before it. Where the
    build is current nothing needs to be written.

    Raises PackageError when nothing can be built, no port is free, or ``url`` is of no use.
    """
    os.environ["DATASETTE_LOAD_PLUGINS"] = ""
    from onrecord.site.application import application  # before the port is looked for, since it takes seconds

    at = public(url)
    folder = built_database(package)
    if folder is None:
        return 1
    if os.access(folder, os.W_OK):  # for Datasette without this plugin; the site itself does not read it
        described = (json.dumps(metadata(package), indent=2) + "\n").encode("utf-8")
        write_files({folder / "metadata.json": described}, "onrecord serve")
    app = application(package, folder, at)
    import uvicorn

    free = free_port(host, port)
    if free != port:
        print(f"port {port} is taken; using {free}")
    shown = f"[{host}]" if ":" in host else host
    print(f"On Record: http://{shown}:{free}{at.base}  (Ctrl-C stops)", flush=True)
    if at.host:
        print(f"readers find it at {at.origin}, by way of a proxy", flush=True)
    try:
        uvicorn.run(app, host=host, port=free, log_level="info", access_log=False, timeout_graceful_shutdown=_PATIENCE)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 0
