"""Addresses of women."""

from django.urls import URLPattern, URLResolver

app_name = "women"

urlpatterns: list[URLPattern | URLResolver] = []
