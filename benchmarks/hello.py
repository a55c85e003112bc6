"""The bound for pages: the same server and framework, one query, two words."""

import os

import django
from django.http import HttpRequest, HttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer with the number of regions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM regions_region")
        (count,) = cursor.fetchone()
    return HttpResponse(f"hello {count}")


urlpatterns = [path("", hello)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()
