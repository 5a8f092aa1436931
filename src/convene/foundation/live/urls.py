from django.urls import path

from convene.foundation.live import views

urlpatterns = [path("live/<str:token>/", views.live_poll, name="live_poll")]
