#!/usr/bin/env python3
"""Write src/baseboard/sync/*.py from the asynchronous classes in src/baseboard/client.

Run it after a change of a public method there; a test compares what it would write with what is committed.

A class is mirrored if something of it has to be awaited. ``async def`` becomes ``def``, an asynchronous
iterator or context manager becomes a plain one, and what can be awaited to be opened is opened at once.
Whatever a method returns is handed on as it is, but for mirrored classes, whose mirrors take their place.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "baseboard" / "client"
TARGET = ROOT / "src" / "baseboard" / "sync"

MODULES = (
    "parameters", "chassis", "boot", "watchdog", "sdr_changes", "sdr", "sensor_settings", "sensor_writing",
    "sensors", "sel_bookmark", "sel",
    "fru_edit", "fru", "users", "channels", "lan_settings", "pef", "firewall", "messaging", "icmb",
    "forwarding", "host_events", "host_requests", "events", "serial_settings", "sol_settings",
    "sol_stream", "sol", "payload_stream", "payloads", "controller", "dcmi", "hpm",
    "picmg", "vita", "bmc", "connect",
)  # fmt: skip
HIDDEN = {"interface", "learned", "meet", "known_identity"}
"""Attributes that are nothing for a synchronous program."""

REWORDED = {
    "Nothing is sent before the returned object is awaited or entered. ``with`` closes the session at the\n"
    "    end of the block, whatever ends it; whoever awaits has to call `Bmc.close`.":
    "``with`` closes the session at the end of the block, whatever ends it; whoever does without it has to\n"
    "    call `Bmc.close`.",
    "Opening raises it too,\n            with the class that tells the cause, the stage, and a hint.":
    "The class tells the cause,\n            and it knows the stage and a hint.",
}  # fmt: skip
"""Sentences that are otherwise where nothing is awaited."""

NO_CLASSES = {"Source"}
"""Classes for the library's own use."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class NoMirrorError(Exception):
    """A signature that a synchronous class cannot have."""


@dataclass
class Module:
    """A module of the client and what it holds.

    Attributes:
        imports: the import that brings each name.
        own: names that the module defines itself.
        classes: its classes by name.
    """

    name: str
    text: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)


def load(name: str) -> Module:
    """Read a module and note its names."""
    text = (SOURCE / f"{name}.py").read_text(encoding="utf-8")
    module = Module(name, text, ast.parse(text))
    for node in module.tree.body:
        if isinstance(node, ast.If):
            for inner in node.body:
                note_import(module, inner)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            note_import(module, node)
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = node
            module.own.add(node.name)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.own.add(node.name)
        elif isinstance(node, ast.Assign):
            targets = [one for target in node.targets for one in ast.walk(target)]
            module.own |= {one.id for one in targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            module.own.add(node.target.id)
    return module


def note_import(module: Module, node: ast.stmt) -> None:
    """Note what an import brings."""
    if isinstance(node, ast.ImportFrom):
        for one in node.names:
            text = f"from {node.module} import {one.name}" + (f" as {one.asname}" if one.asname else "")
            module.imports[one.asname or one.name] = text
    elif isinstance(node, ast.Import):
        for one in node.names:
            text = f"import {one.name}" + (f" as {one.asname}" if one.asname else "")
            module.imports[one.asname or one.name.split(".")[0]] = text


def methods(node: ast.ClassDef) -> Iterator[Function]:
    """The public methods, and the special ones that have a plain counterpart."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and (
            item.name not in HIDDEN
            and (not item.name.startswith("_") or item.name in ("__call__", "__aenter__", "__anext__"))
        ):
            yield item


def decorators(function: Function) -> set[str]:
    return {ast.unparse(one).rpartition(".")[2] for one in function.decorator_list}


def returned(function: Function) -> str:
    return "" if function.returns is None else ast.unparse(function.returns)


def is_awaited(function: Function) -> bool:
    """Whether something of its result takes a loop."""
    return (
        isinstance(function, ast.AsyncFunctionDef)
        or returned(function).startswith("AsyncIterator[")
        or "asynccontextmanager" in decorators(function)
    )


class Generator:
    """Knows all modules, and which classes have mirrors.

    Attributes:
        mirrored: the module of each mirrored class.
        openers: classes that are awaited to be opened, and what of.
    """

    def __init__(self) -> None:
        self.modules = {name: load(name) for name in MODULES if (SOURCE / f"{name}.py").exists()}
        self.mirrored: dict[str, str] = {}
        self.openers: dict[str, str] = {}
        for module in self.modules.values():
            for name, node in module.classes.items():
                self._sort(module, name, node)

    def _sort(self, module: Module, name: str, node: ast.ClassDef) -> None:
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "__await__":
                found = re.fullmatch(r"Generator\[Any, None, (\w+)\]", returned(item))
                assert found, f"{name}.__await__ says what it opens"
                self.openers[name] = found[1]
                return
        if name.startswith("_") or name in NO_CLASSES:
            return
        if any(is_awaited(function) for function in methods(node)):
            self.mirrored[name] = module.name

    def written(self) -> dict[str, str]:
        """The text of every module by file name, not yet laid out."""
        made = {}
        for module in self.modules.values():
            writer = Writer(self, module)
            if body := writer.body().strip():
                made[f"{module.name}.py"] = writer.head() + body + "\n"
        return made


class Writer:
    """Writes the mirror of one module."""

    def __init__(self, generator: Generator, module: Module) -> None:
        self.generator, self.module = generator, module
        self.typing: set[str] = set()
        self.running: set[str] = set()
        self.inner = ""

    # ---- the module

    def body(self) -> str:
        made = [
            self.mirror(node)
            for name, node in self.module.classes.items()
            if self.generator.mirrored.get(name) == self.module.name
        ]
        made += [
            self.opener(node)
            for node in self.module.tree.body
            if isinstance(node, ast.FunctionDef) and returned(node) in self.generator.openers
        ]
        return "\n\n\n".join(made) + "\n"

    def head(self) -> str:
        """Title and imports; `body` has noted which."""
        title = (ast.get_docstring(self.module.tree) or "").partition("\n")[0]
        typing = sorted(self.typing - self.running)
        if typing:
            self.running.add("from typing import TYPE_CHECKING")
        lines = [
            f'"""{plain(title)}',
            "",
            f"Generated by tools/generate_sync.py from client/{self.module.name}.py; edit that, not this.",
            '"""',
            "",
            "from __future__ import annotations",
            "",
            *sorted(self.running),
            "",
            *(["if TYPE_CHECKING:", *(f"    {line}" for line in typing)] if typing else []),
            "",
            "",
        ]
        return "\n".join(lines)

    def use(self, node: ast.AST | None, *, at_run_time: bool = False) -> None:
        """Import the names that stand in an annotation, a base or a default."""
        for inner in ast.walk(node) if node is not None else ():
            if isinstance(inner, ast.Name):
                self.name(inner.id, self.running if at_run_time else self.typing)

    def name(self, name: str, into: set[str]) -> None:
        home = self.generator.mirrored.get(name)
        if home is not None:
            if home != self.module.name:
                into.add(f"from baseboard.sync.{home} import {name}")
        elif name in self.module.own:
            into.add(f"from baseboard.client.{self.module.name} import {name}")
        elif name in self.module.imports:
            into.add(self.module.imports[name])

    # ---- a class

    def mirror(self, node: ast.ClassDef) -> str:
        bases = []
        for base in node.bases:
            root = ast.unparse(base).partition("[")[0]
            if root in self.generator.mirrored or root == "Generic":
                self.use(base, at_run_time=True)
                bases.append(ast.unparse(base))
        if not any(base.partition("[")[0] in self.generator.mirrored for base in bases):
            self.running.add("from baseboard.sync.portal import Mirror")
            bases.insert(0, "Mirror")
        self.typing |= {
            f"from baseboard.client import {self.module.name} as asynchronous",
            "from baseboard.sync.portal import Portal",
        }
        parts = [f"class {node.name}({', '.join(bases)}):\n{docstring(node, 4)}", self.construction(node)]
        parts += self.attributes(node)
        parts += [self.method(function) for function in methods(node)]
        return "\n\n".join(parts)

    def construction(self, node: ast.ClassDef) -> str:
        """How a mirror is made; each class keeps what it mirrors under a name, and so a type, of its own."""
        self.inner = f"self._{node.name.lower()}"
        slots = [base for base in node.bases if ast.unparse(base).startswith("Generic[")]
        hint = f"asynchronous.{node.name}" + ast.unparse(slots[0]).removeprefix("Generic") if slots else ""
        hint = hint or f"asynchronous.{node.name}"
        return (
            f"    def __init__(self, portal: Portal, mirrored: {hint}) -> None:\n"
            f"        super().__init__(portal, mirrored)\n        {self.inner} = mirrored"
        )

    def attributes(self, node: ast.ClassDef) -> Iterator[str]:
        """Properties for what ``__init__`` makes public."""
        for name, annotation in public_attributes(node):
            if annotation is None:
                self.typing.add("from typing import Any")
            self.use(annotation)
            hint = "Any" if annotation is None else ast.unparse(annotation)
            yield f"    @property\n    def {name}(self) -> {hint}:\n        return {self.inner}.{name}"

    def method(self, function: Function) -> str:
        if function.name == "__aenter__":
            return self.context()
        kinds = decorators(function)
        if "asynccontextmanager" in kinds:
            raise NoMirrorError(f"{function.name}: a public context manager")
        if function.name == "__anext__":
            self.typing.add("from collections.abc import Iterator")
            self.use(function.returns)
            return (
                f"    def __iter__(self) -> Iterator[{returned(function)}]:\n"
                f"        return self._portal.iterate(aiter({self.inner}))"
            )
        if kinds & {"property", "cached_property"}:
            return self.property(function, "cached_property" if "cached_property" in kinds else "property")
        self.signature(function)
        hint, _ = self.result(function)
        return "\n".join(
            [
                f"    def {function.name}({ast.unparse(function.args)}) -> {hint}:",
                docstring(function, 8),
                *(f"        {line}" for line in self.statements(function)),
            ]
        )

    def statements(self, function: Function) -> list[str]:
        """What a method does: have the other one run, and make what it returns its own."""
        other = self.inner if function.name == "__call__" else f"{self.inner}.{function.name}"
        given = arguments(function)
        if returned(function).startswith("AsyncIterator["):
            value = f"self._portal.iterate({other}({given}))"
        elif isinstance(function, ast.AsyncFunctionDef) or returned(function) in self.generator.openers:
            value = f"self._portal.run({other}({given}))"
        else:
            value = f"self._portal.call({', '.join(filter(None, (other, given)))})"
        if function.name == "close":
            return [value, f"self._portal.closed({self.inner})"]
        if returned(function) == "None":
            return [value]
        if returned(function) == "Self":
            return [value, "return self"]
        hint, kind = self.result(function)
        if not kind:
            return [f"return {value}"]
        if returned(function) in self.generator.openers:
            value = f"self._portal.opened({value})"
        if hint.endswith("| None"):
            return [f"found = {value}", f"return None if found is None else {kind}(self._portal, found)"]
        return [f"return {kind}(self._portal, {value})"]

    def property(self, function: Function, kind: str) -> str:
        if kind == "cached_property":
            self.running.add("from functools import cached_property")
        self.signature(function)
        hint, mirror = self.result(function)
        lines = [f"    @{kind}", f"    def {function.name}(self) -> {hint}:", docstring(function, 8)]
        if mirror:
            # Imported late, as the original does: a program pays for what it uses.
            home = self.generator.mirrored[mirror]
            lines += [
                f"        from baseboard.sync.{home} import {mirror}",
                "",
                f"        return {mirror}(self._portal, self._portal.call(getattr, {self.inner},"
                f" {function.name!r}))",
            ]
        else:
            lines += [f"        return {self.inner}.{function.name}"]
        return "\n".join(line for line in lines if line is not None)

    def signature(self, function: Function) -> None:
        """Import what the arguments need."""
        every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        every += [one for one in (function.args.vararg, function.args.kwarg) if one is not None]
        for argument in every:
            self.use(argument.annotation)
            for inner in ast.walk(argument):
                if isinstance(inner, ast.Name) and inner.id in self.generator.mirrored:
                    raise NoMirrorError(f"{function.name}: a mirrored class as an argument")
        for default in (*function.args.defaults, *function.args.kw_defaults):
            self.use(default, at_run_time=True)

    def result(self, function: Function) -> tuple[str, str]:
        """What the plain method returns, and the mirrored class that has to be made for it, if any."""
        hint = returned(function)
        hint = self.generator.openers.get(hint, hint)
        kind = hint.removesuffix(" | None")
        if kind in self.generator.mirrored:
            late = {"property", "cached_property"} & decorators(function)
            self.name(kind, self.typing if late else self.running)
            return hint, kind
        assert function.returns is not None
        names = {inner.id for inner in ast.walk(function.returns) if isinstance(inner, ast.Name)}
        if names & self.generator.mirrored.keys():
            raise NoMirrorError(f"{function.name}: {hint}")
        if hint.startswith("AsyncIterator["):
            self.typing.add("from collections.abc import Iterator")
            self.use(function.returns.slice if isinstance(function.returns, ast.Subscript) else None)
            return hint.removeprefix("Async"), ""
        self.use(function.returns)
        return hint, ""

    def context(self) -> str:
        self.typing |= {"from types import TracebackType", "from typing import Self"}
        return "\n".join(
            [
                "    def __enter__(self) -> Self:",
                "        return self",
                "",
                "    def __exit__(",
                "        self,",
                "        kind: type[BaseException] | None,",
                "        error: BaseException | None,",
                "        trace: TracebackType | None,",
                "    ) -> None:",
                "        self.close()",
            ]
        )

    def opener(self, function: ast.FunctionDef) -> str:
        """A function that returns what is awaited to be opened: the mirror opens it."""
        kind = self.generator.openers[returned(function)]
        self.signature(function)
        self.name(kind, self.running)
        self.running |= {
            f"from baseboard.client.{self.module.name} import {function.name} as asynchronous",
            "from baseboard.sync.portal import portal",
        }
        return "\n".join(
            [
                f"def {function.name}({ast.unparse(function.args)}) -> {kind}:",
                docstring(function, 4),
                "    runner = portal()",
                f"    opened = runner.run(asynchronous({arguments(function)}))",
                f"    return {kind}(runner, runner.opened(opened))",
            ]
        )


def public_attributes(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    """The attributes that ``__init__`` makes public, and their types where they are told."""
    for item in node.body:
        if not (isinstance(item, ast.FunctionDef) and item.name == "__init__"):
            continue
        known = {arg.arg: arg.annotation for arg in (*item.args.args, *item.args.kwonlyargs)}
        for target, value, annotation in assignments(item):
            if not isinstance(target, ast.Attribute) or target.attr.startswith("_") or target.attr in HIDDEN:
                continue
            if annotation is None and isinstance(value, ast.Name):
                annotation = known.get(value.id)
            if annotation is None and isinstance(value, ast.Constant) and value.value is not None:
                annotation = ast.Name(type(value.value).__name__)
            yield target.attr, annotation


def assignments(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.expr | None, ast.expr | None]]:
    """Target, value and annotation of everything that is assigned."""
    for statement in ast.walk(function):
        if isinstance(statement, ast.AnnAssign):
            yield statement.target, statement.value, statement.annotation
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
                    for one, value in zip(target.elts, statement.value.elts, strict=True):
                        yield one, value, None
                else:
                    yield target, statement.value, None


def arguments(function: Function) -> str:
    """How a function's arguments are handed on."""
    own = function.args
    plain_ones = [arg.arg for arg in (*own.posonlyargs, *own.args) if arg.arg != "self"]
    given = [*plain_ones, *([f"*{own.vararg.arg}"] if own.vararg else [])]
    given += [f"{arg.arg}={arg.arg}" for arg in own.kwonlyargs]
    return ", ".join([*given, *([f"**{own.kwarg.arg}"] if own.kwarg else [])])


def docstring(node: ast.ClassDef | Function, indent: int) -> str:
    """The docstring as it stands there, its examples without the words that only a loop needs."""
    text = ast.get_docstring(node, clean=False) or "What the asynchronous one does."
    return f'{" " * indent}"""{plain(text)}"""'


def plain(text: str) -> str:
    """Words about the asynchronous as they are for the synchronous."""
    text = re.sub(r"asyncio\.run\((.*)\)(?=\s)", r"\1", text)
    text = text.replace("import asyncio, baseboard", "import baseboard.sync")
    text = re.sub(r"\b(?:async|await) (?=\S)", "", text)
    text = re.sub(rf"\n +(?:{'|'.join(HIDDEN)}): [^\n]+", "", text)
    for before, after in REWORDED.items():
        text = text.replace(before, after)
    return text.replace("baseboard.connect(", "baseboard.sync.connect(")


def laid_out(text: str, name: str) -> str:
    """What ruff makes of a module."""
    for command in (["check", "--fix-only", "--select", "I,F401", "--quiet"], ["format", "--quiet"]):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET / name), "-"],
            input=text, capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout  # fmt: skip
    return text


def modules() -> dict[str, str]:
    """Every generated module by its file name."""
    return {name: laid_out(text, name) for name, text in Generator().written().items()}


def main() -> int:
    made = modules()
    for path in TARGET.glob("*.py"):
        if path.name not in made and "tools/generate_sync" in path.read_text(encoding="utf-8")[:400]:
            path.unlink()
    for name, text in made.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"{len(made)} modules in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
