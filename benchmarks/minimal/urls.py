from django.urls import path

from minimal import views

urlpatterns = [
    path("open/", views.workshops, name="open"),
    path("c/<slug:slug>/", views.community, name="community"),
    path("w/<int:pk>/", views.workshop, name="workshop"),
    path("w/<int:pk>/seat/", views.ask, name="ask"),
    path("r/<int:pk>/", views.registration, name="registration"),
]
