"""Where settings stand: the TOML file and the environment. Each value comes with the name of its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["ENV", "FILE", "Given", "SettingsError", "from_environment", "from_file"]

ENV = "CLAIMWIRE_"
FILE = "_file"
"""Ends the name of a setting that names a file with a secret."""
_SERVICE_LINK = re.compile(
    r"(?:.*_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)"
)
"""Kubernetes gives these variables to each container of a namespace, for each Service: one named claimwire begins as
the settings do.
"""
_SERVICE_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://.*")


class SettingsError(Exception):
    """Settings are wrong: says of each which, its value, where the value came from, and what was expected."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Given:
    """The values of one source by name, each with its place, and what is wrong with the source."""

    values: dict[str, tuple[object, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def from_file(environment: Mapping[str, str], file: Path | None, sections: Mapping[str, str]) -> Given:
    """The values in the settings file, if there is one. `sections`: the section of each setting.

    A setting may stand at the top of the file or in its section.

    Raises:
        SettingsError: the file cannot be read.
    """
    named = file or (Path(environment[ENV + "CONFIG"]) if environment.get(ENV + "CONFIG") else None)
    path = named or Path("claimwire.toml")
    given = Given()
    if named is None and not path.exists():
        return given
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise SettingsError(f"the settings file {path} cannot be read: {broken}") from broken
    for name, value in content.items():
        if not isinstance(value, dict):
            given.values[name] = (value, str(path))
        elif name not in sections.values():
            known = ", ".join(dict.fromkeys(sections.values()))
            given.problems.append(f"[{name}] in {path} is no section; there are: {known}")
        else:
            _add_section(given, name, value, path, sections)
    return given


def _add_section(
    given: Given, section: str, content: dict[str, object], path: Path, sections: Mapping[str, str]
) -> None:
    place = f"[{section}] in {path}"
    for name, value in content.items():
        home = sections.get(name) or sections.get(name.removesuffix(FILE), section)  # an unknown name is told later
        if home != section:
            given.problems.append(f"{name} stands in {place}; its section is [{home}]")
        elif name in given.values:
            given.problems.append(f"{name} stands twice in {path}: at its top and in [{section}]")
        else:
            given.values[name] = (value, place)


def from_environment(environment: Mapping[str, str]) -> Given:
    """The values in environment variables, each with the variable's name."""
    return Given(
        {
            variable.removeprefix(ENV).lower(): (value, variable)
            for variable, value in environment.items()
            if variable.startswith(ENV)
            and variable != ENV + "CONFIG"
            and not variable.startswith(ENV + "TEST_")
            and not _is_service_link(variable.removeprefix(ENV), value)
        }
    )


def _is_service_link(name: str, value: str) -> bool:
    """Whether the variable is of a Kubernetes Service. That of one named claimwire-web has the name of a setting."""
    if name == "PORT" or name.endswith("_PORT"):
        return _SERVICE_ADDRESS.fullmatch(value) is not None or name.endswith("SERVICE_PORT")
    return _SERVICE_LINK.fullmatch(name) is not None
