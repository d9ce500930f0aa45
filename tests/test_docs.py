"""The pages name only what exists: paths, links, names of the code, targets of make, modules, commands with options."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

import click
import pytest

from tests.paths import ROOT
from worker.cli import main

_PATTERNS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "bench/*.md",
    "seeds/*.md",
    "examples/*.md",
    "deploy/runbook/*.md",
    "tests/*/README*.md",
    "tests/golden/held_out/README.md",
)
PAGES = sorted({page for pattern in _PATTERNS for page in ROOT.glob(pattern)})

_FOLDERS = "worker|claimwire|examples|tests|docs|bench|training|deploy|schemas|seeds|requirements|supply"
_TOPS = _FOLDERS.split("|")
_PATH = re.compile(rf"(?<![\w./-])(?:{_FOLDERS})/[\w./*-]*")
_FILE = re.compile(rf"`((?!(?:{_FOLDERS})/)[\w*/-]+\.(?:py|toml|tsv|jsonl?|css|js))`")
_NAME = re.compile(r"`([a-z]+(?:_[a-z]+)+)\b(?!\.)[^`]*`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
_MAKE = re.compile(r"^make((?: +[A-Z]+=\S+)*)((?: +[a-z][a-z-]*)+)")
_MODULE = re.compile(r"\bpython -m ([\w.]+)")
_COMMAND = re.compile(r"(?:^|[ /])claimwire ([^#|&;]*)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`|^ {4}\S.*$", re.DOTALL | re.MULTILINE)
_TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _code(text):
    """The lines of code of a page: indented ones, fenced ones, and what is between backquotes."""
    return [line.strip("`").strip() for block in _CODE.findall(text) for line in block.splitlines()]


def _unknown_paths(text):
    names = {name.rstrip(".") for name in _PATH.findall(text)}
    return [name for name in names if not any(ROOT.glob(name.rstrip("/")))]


def _unknown_files(text):
    """Names of files without their whole path, as `negation.py` or `meaning/act.py`."""
    return [name for name in _FILE.findall(text) if not any(any(ROOT.glob(f"{top}/**/{name}")) for top in _TOPS)]


def _unknown_names(text):
    """Names of settings, fields, metrics and functions that the code does not have."""
    return sorted(set(_NAME.findall(text)) - _words_of_the_code())


@cache
def _words_of_the_code():
    """Also the names of metrics, from their generated page."""
    sources = [path for top in ("worker", "tests") for path in ROOT.glob(f"{top}/**/*.py")]
    sources.remove(Path(__file__))  # it names what does not exist
    sources += [
        *ROOT.glob("schemas/*.json"),
        *ROOT.glob("worker/extraction/data/**/*.toml"),
        ROOT / "docs" / "metrics.md",
        ROOT / "docs" / "settings.md",
    ]
    return {word for path in sources for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def _broken_links(text, folder):
    return [link for link in _LINK.findall(text) if not (folder / link).exists()]


def _unknown_targets(lines):
    commands = [line.partition("#")[0] for line in lines]
    named = {target for line in commands for _, targets in _MAKE.findall(line) for target in targets.split()}
    return sorted(named - _TARGETS)


def _unknown_modules(lines):
    named = {module for line in lines for module in _MODULE.findall(line)}
    return [module for module in named if not _is_module(module)]


def _is_module(name):
    if name.partition(".")[0] in _TOPS:
        path = ROOT / name.replace(".", "/")
        return path.with_suffix(".py").exists() or (path / "__main__.py").exists()
    return importlib.util.find_spec(name) is not None


def _unknown_commands(lines):
    return [name for line in lines for words in _COMMAND.findall(line) for name in _unknown(words.split())]


def _unknown(words):
    """The command, or the options of it, that `claimwire WORDS` does not have."""
    command, name = main, "claimwire"
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        name = f"{name} {words[0]}"
        subcommand = command.get_command(click.Context(command), words[0])
        if subcommand is None:
            return [name]
        command, *words = subcommand, *words[1:]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = {option for word in words for option in re.findall(r"^\[?(--[a-z-]+)", word)}
    return [f"{name} {option}" for option in sorted(given - known - {"--help"})]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_what_exists(page):
    text = page.read_text(encoding="utf-8")
    lines = _code(text)
    unknown = {
        "paths": _unknown_paths(text),
        "files": _unknown_files(text),
        "names": _unknown_names(text),
        "links": _broken_links(text, page.parent),
        "targets of make": _unknown_targets(lines),
        "modules": _unknown_modules(lines),
        "commands": _unknown_commands(lines),
    }
    assert not any(unknown.values()), {kind: names for kind, names in unknown.items() if names}


def test_a_name_of_nothing_is_seen():
    assert _unknown_paths("worker/streaming/nothing.py, tests/nowhere/ and worker/cli.py.") != []
    assert _unknown_paths("worker/cli.py and docs/page-*.png and tests/.") == []
    assert _unknown_files("`nothing.py`, `cli.py`, `meaning/cli.py`") == ["nothing.py", "meaning/cli.py"]
    assert _unknown_names("`breaker_share`, `breaker_share = 1`, `no_such_setting = 2`") == ["no_such_setting"]
    assert _broken_links("[a](README.md) [b](nothing.md#there) [c](https://example.com/)", ROOT) == ["nothing.md"]
    assert _unknown_targets(["make test", "make FAULT=x nothing", "make nothing lint"]) == ["nothing"]
    assert _unknown_modules(["python -m worker.cli", "python -m worker.nothing", "python -m pytest"]) == [
        "worker.nothing"
    ]
    assert _unknown_commands(
        ["claimwire dead ls --json", ".venv/bin/claimwire nothing", "claimwire run --nothing"]
    ) == [
        "claimwire nothing",
        "claimwire run --nothing",
    ]


def test_each_page_of_the_docs_says_for_whom_it_is():
    silent = [
        page.name
        for page in sorted((ROOT / "docs").glob("*.md"))
        if page.name != "metrics.md"  # generated
        and not re.search(r"^For ", _head(page), re.MULTILINE)
    ]
    assert silent == []


def _head(page: Path):
    """The first paragraphs, up to the first heading below the title."""
    return page.read_text(encoding="utf-8").partition("\n## ")[0]


def test_each_cell_of_ours_in_the_comparison_names_what_shows_it():
    """A test or a target of make, in backquotes; that it exists is tested above."""
    text = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    first_table = text[text.index("| | Claimwire") :].partition("\n\n")[0]
    rows = [line.strip("|").split("|") for line in first_table.splitlines()]
    head, *cells = [row[1].strip() for row in rows if not row[1].startswith("-")]
    assert head == "Claimwire"
    assert len(cells) > 10
    assert [cell for cell in cells if not re.search(r"`(?:tests/|make |python -m )", cell)] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_has_two_sides_of_a_merge(page):
    assert not re.search(r"^(?:<<<<<<<|>>>>>>>) ", page.read_text(encoding="utf-8"), re.MULTILINE)
