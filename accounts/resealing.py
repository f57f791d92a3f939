"""Moves sealed values to the current key, a batch at a time; it may stop anywhere and skips what was moved (R20)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from accounts.registry.importing.progress import Progress, silent
from accounts.sealed import VERSION, SealBroken, SealedField, seal, sealing_context, unseal

BATCH = 1000


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def reseal(model: type[models.Model], field: SealedField, *, progress: Progress = silent) -> tuple[int, int]:
    """How many values were sealed again, and how many did not open."""
    waiting = _under_other_keys(model, field)
    total, done, broken, last = waiting.count(), 0, 0, None
    while rows := _page(waiting, field, after=last):
        last = rows[-1][0]
        with transaction.atomic():
            failed = sum(not _moved(model, field, *row) for row in rows)
        broken += failed
        done += len(rows)
        progress(f"{model._meta.model_name}.{field.name}", done, max(total, done))
    return done - broken, broken


def _under_other_keys(model: type[models.Model], field: SealedField) -> models.QuerySet[Any]:
    name = next(iter(settings.SEALING_KEYS)).encode()
    current = VERSION + bytes([len(name)]) + name
    after_it = current[:-1] + bytes([current[-1] + 1])  # ids are ASCII: the last byte can grow
    column = field.name
    return (
        model._base_manager.filter(**{f"{column}__isnull": False})
        .exclude(**{f"{column}__gte": current, f"{column}__lt": after_it})
        .order_by("pk")
    )


def _page(waiting: models.QuerySet[Any], field: SealedField, *, after: Any) -> list[tuple[Any, Any, bytes]]:
    page = waiting if after is None else waiting.filter(pk__gt=after)
    return list(page.values_list("pk", field.bound_to, field.name)[:BATCH])


def _moved(model: type[models.Model], field: SealedField, pk: Any, row: Any, sealed: bytes) -> bool:
    """One conditional UPDATE: a value written meanwhile, which the current key sealed, stands."""
    context = sealing_context(model, field.attname, row)
    try:
        fresh = seal(unseal(bytes(sealed), context=context), context=context)
    except SealBroken:
        return False
    model._base_manager.filter(pk=pk, **{field.name: bytes(sealed)}).update(**{field.name: fresh})
    return True
