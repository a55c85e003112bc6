from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"
    verbose_name = _("Shared base")

    def ready(self) -> None:
        """Let record apps contribute their tabs (core.panels)."""
        autodiscover_modules("panels")
