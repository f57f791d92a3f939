"""The house keeps its own rules: imports, errors, templates, sealed columns, raw SQL, addresses, named requirements."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.sealed import SealedField
from enrolment.steps import CHAPTERS, STEPS

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "enrolment", "franceconnect", "msa_portal")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that is imported, names taken from packages included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports name their room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_room(name: str, *rooms: str) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def strays(files: str, *forbidden: str, except_for: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path} imports {name}"
        for path, tree in TREES.items()
        if path.startswith(files)
        for name in imports(tree)
        if in_room(name, *forbidden) and not in_room(name, *except_for)
    ]


def test_values_know_neither_django_nor_any_other_room():
    """docs/house.md: accounts.identity ← accounts ← enrolment."""
    found = strays("accounts/identity/", "django", *ROOMS, except_for=("accounts.identity",))
    # The tables of departments and caisses are data beside the values.
    assert [stray for stray in found if "accounts.data" not in stray] == []


def test_the_member_knows_nothing_of_the_journey():
    assert strays("accounts/", "enrolment", "franceconnect", "msa_portal") == []


def test_the_journey_knows_nothing_of_the_frame_nor_of_the_outside():
    assert strays("enrolment/", "franceconnect", "msa_portal") == []


def test_the_outside_knows_nothing_of_the_frame_nor_of_the_journey():
    found = strays("franceconnect/", "enrolment", "msa_portal")
    # The simulator is a process of its own: its settings read the same environment, and stop in production.
    alone = "franceconnect/simulator/settings.py imports msa_portal.environment"
    assert [stray for stray in found if not stray.startswith(alone)] == []


SIDES = ("provider", "client", "simulator")


@pytest.mark.parametrize("side", SIDES)
def test_provider_client_and_simulator_know_nothing_of_one_another(side):
    """Issue 4: a fault that two of them shared would be seen by neither; what is common stands one level up."""
    others = [f"franceconnect.{other}" for other in SIDES if other != side]
    assert strays(f"franceconnect/{side}/", *others) == []


def test_nothing_but_the_demonstration_knows_the_simulator():
    """F 6: the image of production does not hold it."""
    found = strays("", "franceconnect.simulator")
    inside = ("franceconnect/simulator/", "msa_portal/demo/", "msa_portal/management/commands/serve_demo.py ")
    assert [stray for stray in found if not stray.startswith(inside)] == []


def test_only_the_journey_s_values_and_verbs_are_free_of_http():
    """docs/house.md: `request` stops at views, middleware and backends."""
    for name in ("journey", "answers", "matching", "proofs", "completion", "requests", "retention"):
        assert not [
            each for each in imports(TREES[f"enrolment/{name}.py"]) if in_room(each, "django.http", "django.forms")
        ]


def imports_inside_functions() -> Iterator[str]:
    for path, tree in TREES.items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from (path for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def test_no_function_imports():
    """The frame's app config alone waits until the models are there."""
    assert set(imports_inside_functions()) <= {"msa_portal/apps.py"}


def test_no_module_is_called_after_nothing():
    assert not [path for path in TREES if Path(path).stem in ("services", "utils", "helpers", "misc", "common")]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_a_step_has_a_title_a_chapter_a_template_and_a_test(step):
    assert step.title
    assert step.chapter in CHAPTERS
    assert step.__doc__
    get_template(f"enrolment/steps/{step.slug}.html")
    assert any(f'"{step.slug}"' in path.read_text(encoding="utf-8") for path in TESTS if path != Path(__file__))


def test_slugs_are_not_taken_twice_nor_by_another_address():
    slugs = [step.slug for step in STEPS]
    assert len(set(slugs)) == len(slugs)
    assert not {"abandonner", "terminee"} & set(slugs)


def test_every_refusal_has_a_code():
    """The journal keeps codes, never messages."""
    without = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "ValidationError"
        and "code" not in {keyword.arg for keyword in node.keywords}
        and not is_a_list_of_errors(node)
    ]
    assert without == []


def is_a_list_of_errors(call: ast.Call) -> bool:
    """A list or a mapping gathers errors that have codes of their own."""
    return bool(call.args) and isinstance(call.args[0], ast.List | ast.ListComp | ast.Dict | ast.Name)


# Named by a rule and not by their whole path: one message, one letter, one step, one end, one page of help each.
BY_RULE = {
    r"enrolment/steps/[a-z-]+\.html": {f"enrolment/steps/{step.slug}.html" for step in STEPS},
    r"enrolment/finished_[a-z]+\.html": {f"enrolment/finished_{end}.html" for end in ("email", "post", "exists")},
}
# Found by Django itself, by their names.
DJANGO_S_OWN = re.compile(r"(?:[45]\d\d(?:_csrf)?\.html|django/forms/.*|admin/.*)")


def is_referred_to(name: str, texts: str) -> bool:
    for rule, names in BY_RULE.items():
        if re.fullmatch(rule, name):
            return name in names
    if re.fullmatch(r"(?:emails|letters)/[a-z_]+\.txt", name):
        return name in texts or re.search(rf"[\"']{Path(name).stem}[\"']", texts) is not None
    return name in texts or DJANGO_S_OWN.fullmatch(name) is not None


def test_no_template_is_an_orphan():
    """Each is rendered by Python or included by another one."""
    python = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    html = {path: path.read_text(encoding="utf-8") for path in TEMPLATES}
    orphans = [
        name
        for path in TEMPLATES
        if not is_referred_to(
            name := path.relative_to(ROOT / "templates").as_posix(),
            python + "\n".join(text for other, text in html.items() if other != path),
        )
    ]
    assert orphans == []


def our_models() -> list[type]:
    return [model for config in apps.get_app_configs() if config.name in ROOMS for model in config.get_models()]


def test_every_sealed_column_is_marked_personal():
    """R20: who reads the schema sees where personal data stands."""
    sealed = [field for model in our_models() for field in model._meta.get_fields() if isinstance(field, SealedField)]
    assert len(sealed) >= 8
    assert [str(field) for field in sealed if field.db_comment != "personal"] == []


def test_no_name_number_or_address_stands_in_a_clear_column():
    """R20: a text column of ours holds codes, and is short or has choices."""
    words = re.compile(r"nir|name|birth|address|email|phone|mobile|landline|fax|serial|street|city|postcode")
    clear = [
        str(field)
        for model in our_models()
        for field in model._meta.concrete_fields
        if words.search(field.name)
        and field.get_internal_type() in ("CharField", "TextField", "JSONField", "DateField")
        and not field.choices
    ]
    # The name of a service or of a kind of device is nobody's.
    assert set(clear) <= {"franceconnect.Client.name", "accounts.Authenticator.name"}


def test_views_materialise_no_whole_table():
    for path, tree in TREES.items():
        if "views" not in path:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node).startswith(("list(", "tuple(", "set(")):
                assert ".objects.all()" not in ast.unparse(node), f"{path}:{node.lineno}"


RAW_SQL = re.compile(r"\.cursor\(|\.raw\(|RawSQL|\.extra\(")
MAY_WRITE_SQL = ("accounts/throttling.py", "accounts/registry/importing/", "accounts/compiled.py")
# Asks the database whether it is there: no table is read.
PROBES = {"msa_portal/views/health.py", "msa_portal/checks.py"}


def test_raw_sql_stands_in_two_places_only():
    """docs/house.md, habits."""
    found = {path.relative_to(ROOT).as_posix() for path in SOURCES if RAW_SQL.search(path.read_text(encoding="utf-8"))}
    assert {path for path in found if not path.startswith(MAY_WRITE_SQL)} - PROBES == set()


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield prefix + str(each.pattern)
        else:
            yield from patterns(each, prefix + str(each.pattern))


# A step's slug, a link's one-use secret, a service's request; the demonstration's file names; rows at the support desk.
MAY_STAND_IN_ADDRESSES = {"slug", "secret", "name", "path", "interaction", "object_id", "app_label"}


def test_no_address_carries_a_personal_value():
    """R20: never in a URL; what an address may carry is listed here."""
    asked = {
        found for each in patterns(get_resolver(settings.ROOT_URLCONF)) for found in re.findall(r"<([^>]+)>", each)
    }
    assert {each.rpartition(":")[2].strip("?P<>") for each in asked} <= MAY_STAND_IN_ADDRESSES


def test_addresses_for_people_are_in_lower_case_with_hyphens():
    """docs/house.md: French kebab-case; below /support/ they are Django's own."""
    for each in patterns(get_resolver(settings.ROOT_URLCONF)):
        if each.startswith("support/"):
            continue
        fixed = re.sub(r"<[^>]+>", "", each)
        assert fixed == fixed.lower().replace("_", "-"), each


def numbered(letter: str, *numbers: int | range) -> list[str]:
    flat = [one for each in numbers for one in (each if isinstance(each, range) else [each])]
    return [f"{letter}{number:02d}" for number in flat]


# Issues 2 to 5, with the decisions that they build.
REQUIREMENTS = [
    "A02", "A05", "A08",
    *numbered("B", range(1, 31)),
    *numbered("C", range(1, 14)),
    *numbered("D", range(1, 11)),
    *numbered("E", range(1, 7)),
    *numbered("F", range(1, 4), range(5, 8), 9),
    *numbered("G", range(1, 8)),
    *numbered("H", range(1, 11)),
    *numbered("I", range(1, 24)),
    *numbered("J", range(1, 18)),
    *numbered("K", range(1, 12)),
    *numbered("L", range(1, 9)),
    *numbered("M", range(1, 13)),
    *(f"R{number}" for number in (*range(1, 18), *range(20, 25))),
]  # fmt: skip


def named_in_tests() -> set[str]:
    """The ids that tests name; « B01 to B08 » and « B01-B08 » name those between."""
    named: set[str] = set()
    for path in TESTS:
        if path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"\b[A-Z]\d{1,2}\b", text))
        for letter, first, last in re.findall(r"\b([A-Z])(\d{1,2})(?: to |-|–| à )\1(\d{1,2})\b", text):
            width = len(first)
            named |= {f"{letter}{number:0{width}d}" for number in range(int(first), int(last) + 1)}
    return named


def test_every_requirement_of_the_issues_is_named_by_a_test():
    """Issues 2 to 5, « Done when »."""
    named = named_in_tests()
    missing = [each for each in REQUIREMENTS if each not in named]
    assert missing == [], f"no test names {' '.join(missing)}"
