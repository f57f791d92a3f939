"""What Django's compiler wrote, sent by ourselves: a query written once by each process, an insert that may be refused.

Writing a query costs Django five times what asking it does. For the few that begin every request of a member or of a
service; anything else is a queryset like any other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery

M = TypeVar("M", bound=models.Model)


@contextmanager
def planned_anew() -> Iterator[None]:
    """What is asked within is planned for its values: elsewhere PostgreSQL may keep one plan for all of them."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield


class Given(models.Expression):
    """Stands in the query where a value of this kind is given at each call."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class Compiled(Generic[M]):
    """The one row of a queryset over a model, with what it joins. `build` makes the queryset."""

    def __init__(self, build: Callable[[], models.QuerySet[M]]) -> None:
        self.build = build

    def first(self, **given: Any) -> M | None:
        """The row for these values, as the queryset would have given it."""
        sql, params, converters, make = self._plan
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(sql, [self._value(each, given, connection) for each in params])
            found = cursor.fetchone()
        if found is None:
            return None
        row = list(found)
        for place, (functions, expression) in converters:
            for convert in functions:
                row[place] = convert(row[place], expression, connection)
        return make(row)

    def _value(self, param: Any, given: dict[str, Any], connection: Any) -> Any:
        if not isinstance(param, Given):
            return param
        return param.output_field.get_db_prep_value(given[param.name], connection)

    @cached_property
    def _plan(self) -> tuple[str, tuple[Any, ...], list[Any], Callable[[list[Any]], M]]:
        """What Django works out at each query: its text, how values come back, how rows become models."""
        compiler = self.build()[:1].query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        select, info = compiler.select or [], compiler.klass_info
        assert info is not None
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [each[0].target.attname for each in select[start:end]]
        converters = list(compiler.get_converters([each[0] for each in select]).items())
        populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

        def make(row: list[Any]) -> M:
            made = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[start:end])
            for populator in populators:
                populator.populate(row, made)
            return made

        return sql, params, converters, make


def insert_unless_taken(row: models.Model) -> bool:
    """INSERT … ON CONFLICT DO NOTHING. False when another row has a value that is one row's only.

    One statement: `save` would need a savepoint around it, or lose the caller's transaction.
    """
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE)
    query.insert_values(row._meta.local_concrete_fields, [row])
    ((sql, params),) = query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, params)
        written = cursor.rowcount == 1
    if written:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return written
