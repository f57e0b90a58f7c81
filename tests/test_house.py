"""The house's rules that no other tool checks: sizes, mirrored tests, what may be imported, words."""

from __future__ import annotations

import ast
import functools
import gc
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "baseboard"
TESTS = ROOT / "tests"
MODULES = sorted(SOURCE.rglob("*.py"))
OTHERS = [*(ROOT / "tools").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
PYTHON = sorted([*MODULES, *TESTS.rglob("*.py"), *OTHERS])

LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_LINE = 500, 50, 110
# What the library itself may import anywhere; an extra is imported in the function that uses it ...
CORE = {"baseboard", "cryptography", *sys.stdlib_module_names}
# ... or at the top of a module that is itself imported so.
EXTRAS = {
    "bmc": {"gpiod", "libvirt", "msgspec", "qemu", "tomlkit"},
    "cli": {"rich"},
    "testing": {"hypothesis", "pytest"},
}
STANDARD_LIBRARY_ONLY = {"errors.py", "wire", "codes", "records", "commands"}
VAGUE_NAMES = {"util", "utils", "misc", "manager", "common", "helpers"}


@pytest.fixture(autouse=True, scope="module")
def trees_are_no_garbage() -> Iterator[None]:
    """Millions of nodes that all stay: to look through them again and again takes longer than to parse."""
    gc.disable()
    yield
    tree.cache_clear()
    interesting.cache_clear()
    gc.enable()


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@functools.cache
def interesting(path: Path) -> list[ast.AST]:
    """The functions, classes and calls of a file: all that more than one test looks for."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Call)
    found: list[ast.AST] = [tree(path)]
    for node in found:
        for name in node._fields:
            child = getattr(node, name, None)
            if isinstance(child, ast.AST):
                found.append(child)
            elif isinstance(child, list):
                found += (one for one in child if isinstance(one, ast.AST))
    return [node for node in found if isinstance(node, kinds)]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 10
    assert len(list(TESTS.rglob("test_*.py"))) > 10


def test_modules_are_short() -> None:
    long = {
        relative(path): lines for path in PYTHON if (lines := path.read_text().count("\n")) > LONGEST_MODULE
    }
    assert not long


def test_functions_are_short() -> None:
    long = {
        f"{relative(path)}:{node.lineno} {node.name}": lines
        for path in PYTHON
        if not generated(path)
        for node in interesting(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_every_module_says_what_it_holds() -> None:
    assert not [relative(path) for path in PYTHON if tree(path).body and not ast.get_docstring(tree(path))]


def test_names_of_modules_say_what_they_hold() -> None:
    assert not [
        relative(path) for path in PYTHON if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES
    ]


def test_every_folder_of_the_source_is_a_package() -> None:
    """Without its ``__init__.py`` the check of layers does not see a folder."""
    assert not [relative(path.parent) for path in MODULES if not (path.parent / "__init__.py").exists()]


def mirrored(module: Path) -> Path:
    """``src/baseboard/a/b.py`` is tested by ``tests/a/test_b.py``."""
    inside = module.relative_to(SOURCE)
    return TESTS / inside.parent / f"test_{inside.name}"


def defines_something(module: Path) -> bool:
    """Whether a module has code of its own: ``__init__`` mostly re-exports, ``__main__`` calls."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in tree(module).body
    )


def generated(module: Path) -> bool:
    """Whether a committed script writes it; then one test compares all of its modules with their tables."""
    return "tools/generate_" in module.read_text()[:400]


def test_every_module_has_its_test_module() -> None:
    missing = [
        relative(mirrored(module))
        for module in MODULES
        if not mirrored(module).exists() and defines_something(module) and not generated(module)
    ]
    assert not missing


def test_every_test_module_tests_something() -> None:
    empty = [
        relative(path)
        for path in TESTS.rglob("test_*.py")
        if not any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name.lower().startswith("test")
            for node in interesting(path)
        )
    ]
    assert not empty


def imports_at_top(module: ast.Module) -> Iterator[str]:
    """The top-level packages that importing a module imports, type-checking blocks left out."""
    todo: list[ast.stmt] = list(module.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "baseboard" if node.level else (node.module or "").partition(".")[0]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            todo += node.orelse
        elif isinstance(node, ast.If | ast.Try | ast.With):
            todo += [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]


def test_importing_needs_what_the_layer_may_have() -> None:
    wrong = []
    for path in MODULES:
        layer = path.relative_to(SOURCE).parts[0]
        allowed = CORE | EXTRAS.get(layer, set())
        if layer in STANDARD_LIBRARY_ONLY:
            allowed = CORE - {"cryptography"}
        wrong += [f"{relative(path)}: {name}" for name in imports_at_top(tree(path)) if name not in allowed]
    assert not wrong


@functools.cache
def comments(path: Path) -> list[tuple[int, str]]:
    """The comments of a file, and their lines; none if no word that tells a check off stands in it at all."""
    text = path.read_text()
    if not any(word in text for word in ("type: ignore", "noqa", "mypy:", "pyright:")):
        return []
    with path.open("rb") as stream:
        return [
            (token.start[0], token.string)
            for token in tokenize.tokenize(stream.readline)
            if token.type == tokenize.COMMENT
        ]


def test_an_exception_from_a_check_has_its_code_and_its_reason() -> None:
    """``# type: ignore[code]  # why``, and so for pyright and ruff (there also ``# noqa: S104 - why``)."""
    kinds = ("type: ignore", "pyright: ignore", "noqa")
    codes = r"type: ignore\[[\w, -]+\]|pyright: ignore\[\w+(, \w+)*\]|noqa: [A-Z]+\d+(, [A-Z]+\d+)*"
    good = re.compile(rf"# ({codes})\s+[#-]\s*\S.+")
    wrong = [
        f"{relative(path)}:{line}: {text}"
        for path in PYTHON
        for line, text in comments(path)
        if any(kind in text for kind in kinds) and not good.match(text)
    ]
    assert not wrong


def test_no_check_is_switched_off_for_a_whole_file() -> None:
    # The modules of a package may read each other's private names.
    whole = re.compile(
        r"#\s*(mypy: (ignore|disable)|pyright: (basic|ignore$|report(?!PrivateUsage))|(ruff|flake8): noqa)"
    )
    wrong = [
        f"{relative(path)}:{line}" for path in PYTHON for line, text in comments(path) if whole.search(text)
    ]
    assert not wrong


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b|NotImplemented" r"Error")
    wrong = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in PYTHON
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if unfinished.search(line)
    ]
    assert not wrong


def test_only_a_missing_peer_skips_and_nothing_is_expected_to_fail() -> None:
    asked = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail)\b|importorskip|unittest\.skip")
    here = {TESTS / "peers.py", Path(__file__)}
    wrong = [
        f"{relative(path)}:{number}"
        for path in sorted(set(TESTS.rglob("*.py")) - here)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asked.search(line)
    ]
    assert not wrong


def test_tests_wait_on_events_not_on_sleep() -> None:
    """A sleep of nothing lets others run; any other makes a test slow, or wrong on a slow machine."""
    wrong = [
        f"{relative(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in TESTS.rglob("*.py")
        for node in interesting(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep", "sleep"}
        and ast.unparse(node).partition("(")[2] != "0)"
        and "polls" not in path.read_text().splitlines()[node.lineno - 1]
    ]
    assert not wrong


def texts() -> list[Path]:
    """Every text file of the project, as far as it is ours to word."""
    folders = ["src", "tests", "tools", "docs", "spec", "bench", ".ci"]
    named = ["baseboard", "check", "pyproject.toml", "requirements.lock", "requirements-check.lock"]
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [ROOT / name for name in named] + list(ROOT.glob("*.md")) + list(ROOT.glob("*.in"))
    return sorted(path for path in found if "__pycache__" not in path.parts and path != Path(__file__))


def test_no_place_of_one_machine_is_named() -> None:
    """Neither where this tree lies, nor a home."""
    places = [str(ROOT), "/home/", "/Users/"]
    wrong = [
        f"{relative(path)}: {place}"
        for path in texts()
        for place in places
        if re.search(re.escape(place) + r"\b", path.read_text(errors="replace"))
    ]
    assert not wrong


def test_what_is_cited_is_cited_by_section_or_table() -> None:
    """A number of somebody's notes leads no reader anywhere."""
    numbered = re.compile(r"\b(files?|notes?|parts?|chapters?) \d\d\b")
    wrong = [
        f"{relative(path)}: {found[0]}"
        for path in texts()
        for found in numbered.finditer(path.read_text(errors="replace"))
    ]
    assert not wrong


def test_no_host_is_named_but_where_texts_and_formats_are_defined() -> None:
    """The project installs from whatever its user's clients name, and calls nobody."""
    known = re.compile(
        r"(libvirt\.org|www\.apache\.org|www\.w3\.org|keepachangelog\.com|semver\.org|peps\.python\.org|www\.rfc-editor\.org"
        r"|[\w-]+\.example\.com|127\.0\.0\.1|localhost|\[?::1\]?)(?=[:/]|$)"
    )
    wrong = [
        f"{relative(path)}: {host}"
        for path in texts()
        for host in re.findall(r"(?:https?|ftp|git|ssh)://([^\s)>\"'`]*)", path.read_text(errors="replace"))
        if not known.match(host)
    ]
    assert not wrong


def test_texts_end_their_lines_and_themselves_plainly() -> None:
    wrong = []
    for path in texts():
        raw = path.read_bytes()
        if path.suffix in {".hex", ".bin", ".png", ".json", ".csv"} or not raw:
            continue
        if b"\r" in raw or not raw.endswith(b"\n") or raw.endswith(b"\n\n"):
            wrong.append(relative(path))
    assert not wrong


def test_lines_of_shell_are_short() -> None:
    scripts = [ROOT / "baseboard", ROOT / "check", ROOT / ".ci" / "run", *(ROOT / "tools").glob("*.sh")]
    wrong = [
        f"{relative(path)}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE + 10
    ]
    assert not wrong


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "LICENSE"])
def test_the_project_introduces_itself(name: str) -> None:
    assert len((ROOT / name).read_text()) > 300


def test_links_between_texts_lead_somewhere() -> None:
    wrong = [
        f"{relative(path)}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not wrong
