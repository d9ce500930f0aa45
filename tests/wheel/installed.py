"""The wheel of this checkout, installed where nothing but what it asks for can be imported."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

__all__ = ["Installed", "build", "given", "install"]


class Installed:
    """An environment with the wheel; `clean` says that it was made with pip from the registry."""

    def __init__(self, folder: Path, *, clean: bool) -> None:
        self.folder, self.clean = folder, clean
        self.python, self.claimwire = folder / "bin" / "python", folder / "bin" / "claimwire"
        ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
        done = subprocess.run([self.python, "-c", ask], capture_output=True, text=True, check=True)
        self.packages = Path(done.stdout.strip())

    def run(self, *arguments, cwd, limit_s=180, **environment):
        return subprocess.run(
            [self.claimwire, *map(str, arguments)],
            cwd=cwd,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )

    @property
    def environment(self):
        return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def given() -> Installed | None:
    """The environment that CLAIMWIRE_TEST_INSTALLED names: `make wheel-test` fills one with pip."""
    named = os.environ.get("CLAIMWIRE_TEST_INSTALLED")
    return Installed(Path(named), clean=True) if named else None


def build(folder: Path) -> Path:
    """Builds the wheel into the folder, with the build tools that are installed here."""
    subprocess.run(
        [*_pip(), "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(ROOT)], check=True
    )
    (wheel,) = folder.glob("claimwire-*.whl")
    return wheel


def install(wheel: Path, folder: Path, extras: frozenset[str]) -> Installed:
    """An environment with the wheel and, as links to what is installed here, the packages that it asks for.

    Links take a second, where installing from the registry takes minutes. What the wheel does not ask for, itself or
    through others, cannot be imported there.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    environment = Installed(folder, clean=False)
    subprocess.run(
        [*_pip(), "--python", str(environment.python), "install", "--no-deps", "--no-index", str(wheel)], check=True
    )
    (wheel_itself,) = Distribution.discover(name="claimwire", path=[str(environment.packages)])
    _link(_needed(wheel_itself, extras), environment.packages)
    return environment


def _needed(asking: Distribution, extras: frozenset[str]) -> list[Distribution]:
    """What the distribution asks for with these extras, and what that asks for; each must be installed here."""
    needed: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(asking, extras)]
    while waiting:
        one, wanted = waiting.pop()
        for requirement in map(Requirement, one.requires or ()):
            name = canonicalize_name(requirement.name)
            applies = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": extra}) for extra in ("", *wanted)
            )
            if not applies or (name, frozenset(requirement.extras)) in seen:
                continue
            seen.add((name, frozenset(requirement.extras)))
            needed[name] = distribution(name)
            waiting.append((needed[name], frozenset(requirement.extras)))
    return list(needed.values())


def _link(distributions: list[Distribution], packages: Path) -> None:
    for one in distributions:
        for top in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(one.locate_file(top))).resolve())


def _pip() -> list[str]:
    return [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
