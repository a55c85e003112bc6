"""Receive a roster: seal the file, open its batch; a second upload leads to the first."""

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import jobs
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.querysets import scope_paths
from apps.core.sealed_files import open_sealed, seal_to
from apps.core.spreadsheets.reader import UnreadableFile, inspect_file
from apps.imports import registry
from apps.imports.models import OPEN_STATES, Batch
from apps.imports.selectors import READ_JOB
from apps.regions.models import Region

FOLDER = "imports"
NAME_LENGTH = 255
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Received:
    """The batch of an uploaded file; `is_new` is false when the file was already being imported."""

    batch: Batch
    is_new: bool


def receive_roster(
    *,
    actor: User,
    kind: str,
    region: Region,
    as_of: date,
    file: File,
    in_background: bool = True,
) -> Received:
    """Keep an uploaded roster sealed, open a batch for it and have it read; or return the open one.

    `as_of` is the day whose state the roster describes, today at the latest. With
    `in_background` false the caller reads it itself. Raises ValidationError for a file that is
    empty, beyond the limits or plainly none that can be read, and for a future date.
    """
    check_actor(actor, region)
    _check_upload(kind, as_of, file)
    digest = _digest(file)
    found = _open_batch(digest, kind, region)
    if found is not None:
        return Received(found, False)
    if in_background:
        _inspect(file)
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    seal_to(path_of(stored_as), file.chunks(), stored_as)
    batch = Batch(
        kind=kind,
        region=region,
        as_of=as_of,
        filename=_plain_name(file.name or ""),
        size=file.size,
        sha256=digest,
        stored_as=stored_as,
        created_by=actor,
    )
    return _open(actor, batch, in_background)


def check_actor(actor: User, region: Region) -> None:
    """Refuse an actor who may not import, or not into this region."""
    if not actor.may("imports.run"):
        raise NotPermitted
    if not any(region.path.startswith(path) for path in scope_paths(actor)):
        raise OutOfScope


def _check_upload(kind: str, as_of: date, file: File) -> None:
    if kind not in {known.name for known in registry.kinds()}:
        raise ValidationError({"kind": _("Please choose one of the kinds offered.")})
    if as_of > timezone.localdate():
        raise ValidationError({"as_of": _("The date of the roster lies in the future.")})
    if not file.size:
        raise ValidationError({"file": _("This file is empty. Please choose another one.")})
    if file.size > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // MEGABYTE
        raise ValidationError(
            {
                "file": _(
                    "This file has more than %(limit)s MB. Please split it, for example by village."
                )
                % {"limit": limit}
            }
        )


def _inspect(file: File) -> None:
    """Tell at once what is wrong with a file, rather than after a wait for the reading of it."""
    try:
        with _on_disk(file) as path:
            inspect_file(path)
    except UnreadableFile as refusal:
        raise ValidationError({"file": str(refusal)}) from None


@contextmanager
def _on_disk(file: File) -> Iterator[Path]:
    """The file of an upload, which lies on disk already, or a private copy of any other."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="fpms-import-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _digest(file: File) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def _open_batch(digest: str, kind: str, region: Region) -> Batch | None:
    return Batch.objects.filter(
        sha256=digest, kind=kind, region=region, state__in=OPEN_STATES
    ).first()


def _open(actor: User, batch: Batch, in_background: bool) -> Received:
    """Save the batch; when a second press was faster, drop the copy and return that one's."""
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            audit.record(
                "imports.batch.uploaded",
                actor=actor,
                target=batch,
                after={"kind": batch.kind, "as_of": batch.as_of, "size": batch.size},
                batch=batch.pk,
            )
            if in_background:
                jobs.enqueue(READ_JOB, batch.pk, actor=actor)
    except IntegrityError:
        path_of(batch.stored_as).unlink(missing_ok=True)
        first = _open_batch(batch.sha256, batch.kind, batch.region)
        if first is None:
            raise
        return Received(first, False)
    return Received(batch, True)


def _plain_name(name: str) -> str:
    """The file's own name without folders and control characters."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in plain if char.isprintable())
    return plain[-NAME_LENGTH:] or _("unnamed file")


def path_of(stored_as: str) -> Path:
    """Return where a sealed file lies."""
    return Path(settings.MEDIA_ROOT) / stored_as


@contextmanager
def clear_file(batch: Batch) -> Iterator[Path]:
    """Lay the original file in clear into a private folder for the time of a block."""
    with tempfile.TemporaryDirectory(prefix="fpms-import-") as folder:
        path = Path(folder) / f"roster{Path(batch.filename).suffix.lower()[:8]}"
        with path.open("wb") as target:
            for chunk in open_sealed(path_of(batch.stored_as), batch.stored_as):
                target.write(chunk)
        yield path


def original(batch: Batch) -> Iterator[Any]:
    """Yield the clear bytes of the original file, for a download."""
    return open_sealed(path_of(batch.stored_as), batch.stored_as)


def open_original(*, actor: User, batch: Batch) -> Iterator[bytes]:
    """Return the bytes of the file as it was uploaded. It holds clear numbers: audited.

    Raises NotAllowedNow when the stored file is not there.
    """
    check_actor(actor, batch.region)
    if not batch.stored_as or not path_of(batch.stored_as).is_file():
        raise NotAllowedNow(_("The stored copy of this file is not there any more."))
    audit.record(
        "imports.batch.file_downloaded",
        actor=actor,
        target=batch,
        after={"size": batch.size},
        batch=batch.pk,
    )
    return original(batch)
