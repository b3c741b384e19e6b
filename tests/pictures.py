"""Take the six pictures of the site that the README shows, from the real package. Run it with `make pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from conftest import CHROMIUM, ROOT, copy_package
from test_site import free_port, start

FOLDER = ROOT / "docs" / "pictures"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PICTURES = {
    "home": ("/", WIDE, "light"),
    "claim": ("/claim/C00028", WIDE, "light"),
    "origins": ("/origins/P0135", WIDE, "light"),
    "as-of": ("/as-of/2023-09-10/2023-09-13", WIDE, "light"),
    "forecasts-dark": ("/forecasts", WIDE, "dark"),
    "proposition-phone": ("/proposition/P0001", NARROW, "light"),
}


def main() -> None:
    if CHROMIUM is None:
        raise SystemExit("pictures: no Chromium on this machine; install the package chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        process, address, _ = start(copy_package(Path(name) / "package", ROOT / "dataset"), free_port())
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for picture, (path, size, scheme) in PICTURES.items():
                page = browser.new_page(base_url=address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(path)
                page.screenshot(path=FOLDER / f"{picture}.png")
                page.close()
                print(FOLDER.relative_to(ROOT) / f"{picture}.png")
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()
