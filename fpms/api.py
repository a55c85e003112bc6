"""The REST API's addresses: each app's viewsets on one router."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import DefaultRouter

from apps.imports.api import ImportApi

router = DefaultRouter()
router.include_format_suffixes = False
router.register("imports", ImportApi, basename="import")

urlpatterns: list[URLPattern | URLResolver] = router.urls
