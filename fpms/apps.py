"""App settings that belong to the project."""

from django.contrib.admin.apps import AdminConfig


class ReferenceSiteConfig(AdminConfig):
    """Makes fpms.admin's site Django's default one."""

    default_site = "fpms.admin.ReferenceSite"
