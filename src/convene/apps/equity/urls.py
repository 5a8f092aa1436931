from __future__ import annotations

from django.urls import path

from convene.apps.equity import views

urlpatterns = [
    path("c/<slug:slug>/equity/", views.equity, name="equity"),
    path("c/<slug:slug>/equity/figures.csv", views.equity_table, name="equity_table"),
]
