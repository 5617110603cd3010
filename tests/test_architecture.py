"""What import-linter does not see: names in strings, relations between tables, who may enter, habits of the house."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field

from tests.pages import OPEN_PAGES, OWN_PACKAGES, is_own, own_pages
from thuiszitters import celery_app

ROOT = Path(settings.BASE_DIR)
ROW = ["audit", "accounts", "attendance", "cases", "tables", "privacy"]
"""From low to high. A lower app does not know that a higher one exists."""
FOLDERS = {
    "audit": "thuiszitters/audit",
    "accounts": "thuiszitters/accounts",
    "attendance": "attendance",
    "cases": "cases",
    "tables": "tables",
    "privacy": "thuiszitters/privacy",
}
LONGEST_FILE = 400
EMPTY_NAMES = {"base", "common", "helpers", "misc", "shared", "util", "utils"}
"""A file that is named after nothing in particular has no reason to stop growing."""


def sources(*folders: str) -> list[Path]:
    """The Python files below `folders`, without migrations, which Django writes."""
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
    )


def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(), str(path))))


def at(path: Path, node: ast.AST) -> str:
    """Where to look."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


# ------------------------------------------------------------------------------------------- the row


def upward_strings(app: str) -> list[str]:
    higher = "|".join(ROW[ROW.index(app) + 1 :])
    name_of_higher = re.compile(rf"(?:{higher})(?:[:.]\w.*)?")
    found = []
    for path in sources(FOLDERS[app]):
        tree = nodes(path)
        # A string alone on a line is a docstring.
        prose = {id(node.value) for node in tree if isinstance(node, ast.Expr)}
        found += [
            f"{at(path, node)} {node.value!r}"
            for node in tree
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in prose
            and name_of_higher.fullmatch(node.value)
        ]
    return found


def imports(path: Path) -> list[tuple[ast.AST, str]]:
    """Where which module is imported, wherever in the file; `from a import b` counts as a.b."""
    found: list[tuple[ast.AST, str]] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(node, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node, f"{node.module}.{name.name}") for name in node.names]
    return found


def test_apps_know_nothing_of_the_wiring() -> None:
    """Of the package that is both top and bottom of the building the apps see only the bottom: audit and
    accounts. What stands under the same roof as the wiring, privacy, is an app as the others."""
    allowed = re.compile(r"thuiszitters\.(accounts|audit|privacy)\b")
    wrong = [
        f"{at(path, node)} {module}"
        for path in sources(*FOLDERS.values())
        for node, module in imports(path)
        if module.startswith("thuiszitters") and not allowed.match(module)
    ]

    assert wrong == []


FLOORS = [
    r"urls|\w+_urls",
    r"api|views|tasks|admin|management|\w+_views",
    r"forms|filters|listings|importing|\w+_forms",
    r"services",
    r"models",
    r"\w+",  # what is left has no clock, no request and no effect: rules and reading
]


def floor(name: str) -> int:
    return next(height for height, pattern in enumerate(FLOORS) if re.fullmatch(pattern, name))


def test_inside_an_app_imports_go_down() -> None:
    """The same contract as import-linter's, for files whose name says more than their floor: report_forms."""
    wrong = []
    for folder in FOLDERS.values():
        package = folder.replace("/", ".")
        for path in sources(folder):
            own = path.relative_to(ROOT / folder).with_suffix("").parts[0]
            for node, module in imports(path):
                part = module.removeprefix(f"{package}.").split(".", maxsplit=1)[0]
                if module.startswith(f"{package}.") and floor(part) < min(floor(own), floor("models")):
                    wrong.append(f"{at(path, node)} {own} → {part}")
    assert wrong == []


@pytest.mark.parametrize("app", ROW[:-1])
def test_no_string_names_a_higher_app(app: str) -> None:
    """Page names, task names, models as "app.Model": the imports that an import checker cannot see."""
    assert upward_strings(app) == []


def is_hidden(related_name: str | None) -> bool:
    """Whether the way back has no name. Django makes that of a many-to-many unique, with the plus at its end."""
    return related_name is not None and related_name.endswith("+")


def test_relations_between_apps_point_down_and_leave_no_trace() -> None:
    """A lower model that grew `pupil.cases` would know the higher app after all."""
    wrong = []
    for label in ROW:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                if not isinstance(field, Field) or not field.remote_field or field.model is not model:
                    continue
                other = field.remote_field.model._meta.app_label
                if other not in ROW or other == label:
                    continue
                if ROW.index(other) > ROW.index(label):
                    wrong.append(f"{model.__name__}.{field.name} points up at {other}")
                elif not is_hidden(field.remote_field.related_name):
                    wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert wrong == []


def app_of(module: str) -> str:
    return module.removeprefix("thuiszitters.").split(".")[0]


def test_tasks_are_named_after_their_app() -> None:
    """The name is what waits in the queue during an upgrade: it must not change when a file moves."""
    celery_app.loader.import_default_modules()
    own = {name: task for name, task in celery_app.tasks.items() if is_own(task.__module__)}

    assert [name for name, task in own.items() if name.split(".")[0] != app_of(task.__module__)] == []
    assert [name for name in own if not re.fullmatch(r"[a-z]+\.[a-z_]+", name)] == []
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} | set(settings.FOLLOW_UP_TASKS)
    assert planned - set(own) == set()


# ------------------------------------------------------------------------------------------- who may enter


def test_every_page_says_for_whom_it_is() -> None:
    silent = {name for name, view in own_pages().items() if not getattr(view, "allowed_roles", None)}

    assert silent == OPEN_PAGES


def test_roles_are_the_first_thing_a_view_says() -> None:
    """Outermost: nothing of the view runs, no form is read, before the question who this is."""
    late = []
    for path in sources(*OWN_PACKAGES):
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                names = [getattr(getattr(part, "func", part), "id", "") for part in node.decorator_list]
                if "for_roles" in names[1:]:
                    late.append(f"{at(path, node)} {node.name}")
    assert late == []


def test_every_page_stands_in_the_access_table() -> None:
    table = ROOT / "tests" / "access_table.py"
    named = {node.value for node in nodes(table) if isinstance(node, ast.Constant)} if table.exists() else set()

    assert {name for name in own_pages() if name not in named} - OPEN_PAGES == set()


UNSCOPED = {"AbsenceReason", "Municipality", "School"}
"""Models whose rows are the same for everybody who may open the page: no person stands in them."""


def test_views_reach_rows_only_through_visible_to() -> None:
    loose = []
    for path in sources(*OWN_PACKAGES):
        if "views" not in path.with_suffix("").parts:
            continue
        for node in nodes(path):
            # Model.objects.<anything but visible_to>
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in {"objects", "_default_manager"}
                and node.attr != "visible_to"
                and getattr(node.value.value, "id", "") not in UNSCOPED
            ):
                loose.append(f"{at(path, node)} {ast.unparse(node)}")
            # get_object_or_404(Model, …)
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in {"get_object_or_404", "get_list_or_404"}
                and isinstance(node.args[0], ast.Name)
                and node.args[0].id[0].isupper()
                and node.args[0].id not in UNSCOPED
            ):
                loose.append(f"{at(path, node)} {ast.unparse(node)}")
    assert loose == []


# ------------------------------------------------------------------------------------------- habits


def test_no_signals() -> None:
    """What follows on a change is found by asking for rows without an answer, so that it can be read and rerun."""
    found = []
    for path in sources(*OWN_PACKAGES):
        for node, module in imports(path):
            outside = not is_own(module) and not module.startswith("celery.")
            if outside and re.search(r"^django\.dispatch|\.signals\b", module):
                found.append(f"{at(path, node)} {module}")
    assert found == []


REFUSES = "AppendOnlyQuerySet.delete"
"""The log: that method does nothing but refuse."""


def test_nothing_overrides_save() -> None:
    found = [
        f"{at(path, method)} {node.name}.{method.name}"
        for path in sources(*OWN_PACKAGES)
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and node.bases
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and method.name in {"save", "delete", "bulk_create"}
        and f"{node.name}.{method.name}" != REFUSES
    ]

    assert found == []


def test_files_stay_readable() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources(*OWN_PACKAGES, "tests", "scripts")}

    assert {path.name: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_files_are_named_after_something() -> None:
    named = [path for path in sources(*OWN_PACKAGES, "tests", "scripts") if path.stem in EMPTY_NAMES]

    assert named == []


def test_every_import_is_a_declared_dependency() -> None:
    """A package that happens to come along with another one is gone when that other one changes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = project["project"]["dependencies"]
    of_developers = [line for group in project["dependency-groups"].values() for line in group]
    undeclared = undeclared_imports(sources(*OWN_PACKAGES), declared)
    # What is run from a checkout may use the developers' tools, and what the tests know of this machine.
    undeclared |= undeclared_imports(sources("scripts"), [*declared, *of_developers, "tests"])

    assert undeclared == set()


def undeclared_imports(paths: list[Path], declared: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=~ ]", line)[0].replace("_", "-").lower() for line in declared}
    distributions = packages_distributions()
    found = set()
    for path in paths:
        for node, module in imports(path):
            top = module.split(".", maxsplit=1)[0]
            if top in sys.stdlib_module_names or is_own(top):
                continue
            if not {name.replace("_", "-").lower() for name in distributions.get(top, [top])} & names:
                found.add(f"{at(path, node)} {top}")
    return found


def test_a_text_about_a_name_stands_right_under_it() -> None:
    """Two texts in a row: one of them came apart from what it is about."""
    wrong = [
        at(path, after)
        for path in sources("attendance", "cases", "tables", "thuiszitters")
        for node in nodes(path)
        if isinstance(node, ast.Module | ast.ClassDef)
        for text, after in pairwise(node.body)
        if is_text(text) and is_text(after)
    ]
    assert wrong == []


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
