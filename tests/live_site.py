"""A page with a live region and a form, for these tests alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils.html import format_html

from convene.foundation.live import pages
from convene.web.urls import urlpatterns as real

BOARD = "test-board:1"
said = {"line": "first"}
posted: list[dict[str, str]] = []
PAGE = """{% extends "base.html" %}{% load live %}{% block title %}Board{% endblock %}
{% block head %}{% live_script %}{% endblock %}{% block content %}
<div {% live_region live %}>{% live_fragment live "board" announce=True %}{% live_status %}</div>
<form method="post" data-keep="note">{% csrf_token %}{% live_key %}
<label>Note <textarea name="note"></textarea></label><button>Send</button></form>{% endblock %}"""


def render(subject_id: str) -> dict[str, str]:
    html = '<p id="line">{}</p><details id="more"><summary>More</summary>x</details><input aria-label="Name" name="n">'
    return {"board": format_html(html, said["line"])}


def board(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        posted.append(request.POST.dict())
        return redirect("/board/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"live": pages.region(BOARD)}, request))


urlpatterns = [path("board/", board), *real]
