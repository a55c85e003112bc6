"""Addresses of the shell."""

from django.urls import path

from apps.core import views

app_name = "core"

urlpatterns = [
    path("display/text-size/", views.set_text_size, name="text_size"),
]
