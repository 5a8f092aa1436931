"""Static files of a public site: hashed, compressed, and the style sheets as one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\(([\w-]+)\);')


class OneSheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Puts what app.css imports into it, each in its layer: one request instead of thirty."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if not dry_run and SHEET in paths:
            self._bundle()
            # Django reads what it hashes from where it was found; this one from where it was put.
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _bundle(self) -> None:
        text = self._read(SHEET)
        bundled = _IMPORT.sub(lambda found: self._layer(found[2], found[1]), text)
        self.delete(SHEET)
        self._save(SHEET, ContentFile(bundled.encode()))

    def _layer(self, layer: str, sheet: str) -> str:
        css = self._read(f"css/{sheet}")
        # Pictures are named from the sheet's own folder; in app.css that is css/.
        up = "../" * (len(PurePosixPath(sheet).parts) - 1)
        if up:
            css = css.replace(f'url("{up}', 'url("')
        return f"@layer {layer} {{\n{css}}}"

    def _read(self, name: str) -> str:
        with self.open(name) as file:
            content: bytes = file.read()
        return content.decode()
