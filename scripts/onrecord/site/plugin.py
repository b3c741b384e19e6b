"""Our pages inside Datasette: routes, cells with names and chips, and the headers of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from datasette.utils.asgi import asgi_send_file

from onrecord.site.links import Links
from onrecord.site.render import Site
from onrecord.site.table_cells import Cells, column_classes, column_order, escape_search, table_groups

__all__ = ["Plugin"]

_THREADS = 2
_PATHS = (
    r"^/(?P<path>|search|guide|downloads|propositions|actors|sources|timeline|map|forecasts|questions"
    r"|(?:claim|proposition|event|actor|source|place|question|report|cite|origins|as-of)(?:/.*)?|origins|as-of"
    r"|[A-Za-z][0-9]{4,9})/?$"
)


_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "db": "application/vnd.sqlite3",
}


class Plugin:
    """The plugin of one site; a pool of threads of its own answers, whatever SQL the others run."""

    __name__ = "onrecord.site"  # where Datasette looks for templates and static files

    def __init__(self, site: Site, files: Mapping[str, Path | bytes]) -> None:
        self.site = site
        self._files = files
        self.cells = Cells(site)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="pages")

    @hookimpl  # type: ignore[untyped-decorator]
    def register_routes(self, datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
        """Every address of ours leads to one function."""

        async def page(request: Any) -> Response:
            links = Links(datasette.setting("base_url"))
            query = {key: request.args[key] for key in request.args}
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(
                self._pool, self.site.answer, request.url_vars["path"].strip("/"), query, links
            )
            headers = {"Location": answer.location} if answer.location else {}
            if answer.name:
                headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
            return Response(answer.body, status=answer.status, headers=headers, content_type=answer.media)

        async def download(request: Any, send: Any) -> Response | None:
            name = request.url_vars["name"]
            content = self._files.get(name)
            if content is None:
                return await page(request)
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            media = _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
            if isinstance(content, bytes):
                return Response(content, headers=headers, content_type=media)
            await asgi_send_file(send, str(content), content_type=media, headers=headers)
            return None

        return [(r"^/(?P<path>download)/(?P<name>[a-z0-9._-]+)$", download), (_PATHS, page)]

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_jinja2_environment(self, env: Any, datasette: Any) -> None:
        """What our frame needs, as globals: Datasette gives its error pages no other variables."""
        links = Links(datasette.setting("base_url"))
        ours = self.site.environment
        env.globals.update({name: ours.globals[name] for name in ("words", "spoken", "menu", "dataset")})
        env.filters["thousands"] = ours.filters["thousands"]
        env.globals.update(
            links=links,
            url=links.to,
            cells=self.cells,
            column_classes=column_classes,
            column_order=column_order,
            table_groups=table_groups,
        )

    @hookimpl  # type: ignore[untyped-decorator]
    def render_cell(self, row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Any:
        """Names, chips, dates and links in the tables of Datasette."""
        return self.cells.cell(row, value, column, table, Links(datasette.setting("base_url")))

    @hookimpl(trylast=True)  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: Any) -> None:
        """Replace how Datasette escapes searches, since its way leaves a lone quotation mark as a syntax error."""
        conn.create_function("escape_fts", 1, escape_search, deterministic=True)
