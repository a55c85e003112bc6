"""The WSGI entry point of the web server (`granian --interface wsgi fpms.wsgi:application`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")

application = get_wsgi_application()
