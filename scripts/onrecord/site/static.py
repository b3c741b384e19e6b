"""The site as plain files, for a host that runs nothing: pages, charts, citations and downloads."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.site.downloads import downloads
from onrecord.site.links import Links
from onrecord.site.pages import addresses
from onrecord.site.render import Site

__all__ = ["ASSETS", "write_site"]

ASSETS = Path(__file__).parent / "static"
_MARK = ".onrecord-site"


def write_site(
    package: Package, built: Path, folder: Path, origin: str = "", said: Callable[[str], None] = lambda _: None
) -> int:
    """Write every page below ``folder`` and return how many there are.

    All is written beside and put in place at the end, so that a site that is there stays whole until
    the new one is. ``origin`` is the address at which it will be read, for citations. ``said`` is
    called with each address as it is written.

    Raises PackageError when the folder holds something else than a site of ours, or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise PackageError(f"{folder}: holds something else than a site written by this command; name another folder")
    beside = folder.with_name(f".{folder.name}.onrecord-new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        count = _write(package, built, beside, origin, said)
        if folder.exists():
            old = folder.with_name(f".{folder.name}.onrecord-old")
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
            beside.rename(folder)
            shutil.rmtree(old)
        else:
            beside.rename(folder)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise PackageError(f"{folder}: cannot be written: {error.strerror}; nothing was changed") from None
    return count


def _write(package: Package, built: Path, folder: Path, origin: str, said: Callable[[str], None]) -> int:
    site = Site(package, built / "onrecord.db", origin)
    shutil.copytree(ASSETS, folder / "assets")
    (folder / "download").mkdir()
    for name, content in downloads(package, built).items():
        target = folder / "download" / name
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        else:
            target.write_bytes(content)
    every = addresses(site.shelf())
    for path in every:
        said(path)
        is_file = path.startswith("cite/")
        links = Links(page=path, live=False)
        answer = site.answer(path, {}, links)
        target = folder / path if is_file else folder / path / "index.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer.body)
    lost = site.answer("no-such-page", {}, Links(urlsplit(origin).path or "/", live=False))
    (folder / "404.html").write_bytes(lost.body)
    (folder / _MARK).write_text(f"{site.about['title']} {site.about['version']}\n", "utf-8")
    return len(every)
