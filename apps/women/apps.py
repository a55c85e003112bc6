from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WomenConfig(AppConfig):
    name = "apps.women"
    label = "women"
    verbose_name = _("Women's services")
