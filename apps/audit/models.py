"""Who did what to which record. Rows are added, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act by one user: a write, or the opening of a person's file (操作日志).

    Names and the region's path are kept as text, so an entry outlives the record. It never holds
    an ID number, a phone number or an account in clear.
    """

    at = models.DateTimeField(_("time"), auto_now_add=True)
    code = models.CharField(_("act"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    actor_name = models.CharField(_("user name"), max_length=150, blank=True)
    target_type = models.CharField(_("kind of record"), max_length=60, blank=True)
    target_id = models.CharField(_("record number"), max_length=60, blank=True)
    target_label = models.CharField(_("record"), max_length=200, blank=True)
    region_path = models.CharField(_("region path"), max_length=255, blank=True)
    region_name = models.CharField(_("region"), max_length=200, blank=True)
    changes = models.JSONField(_("before and after"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    request_id = models.CharField(_("request"), max_length=40, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_entry_target"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(
                fields=["region_path"], name="audit_entry_region", opclasses=["text_pattern_ops"]
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'audit entries are never removed';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.code} {self.target_label}"
