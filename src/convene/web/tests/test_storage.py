"""The static files of a public site."""

from __future__ import annotations

import re

from django.core.management import call_command

from convene.web.storage import OneSheetStorage


def test_a_public_site_serves_its_style_as_one_hashed_file(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "convene.web.storage.OneSheetStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    storage = OneSheetStorage(location=tmp_path)
    name = storage.stored_name("css/app.css")
    css = (tmp_path / name).read_text(encoding="utf-8")
    assert re.fullmatch(r"css/app\.[0-9a-f]{12}\.css", name)
    assert "@import" not in css
    assert "@layer components" in css
    pictures = set(re.findall(r'url\("([^"]+)"\)', css))
    assert pictures
    assert all((tmp_path / "css" / picture).resolve().is_file() for picture in pictures)
    assert all(re.search(r"\.[0-9a-f]{12}\.svg$", picture) for picture in pictures)
