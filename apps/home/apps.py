from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "apps.home"
    label = "home"
    verbose_name = _("Work list")

    def ready(self) -> None:
        autodiscover_modules("duties")
