"""Programs of the system that some tests need: a browser, Helm, Prometheus."""

from __future__ import annotations

import os
import shutil

__all__ = ["program_missing", "program_required"]

_PROGRAMS = {
    "browser": (("chromium", "chromedriver"), "Debian: chromium, chromium-driver"),
    "helm": (("helm",), "`make helm` builds it with Go"),
    "prometheus": (("prometheus", "promtool"), "Debian: prometheus"),
}


def program_missing(mark: str) -> str | None:
    """None if all programs of the mark are installed, else the missing ones in words."""
    programs, package = _PROGRAMS[mark]
    missing = [program for program in programs if shutil.which(program) is None]
    return f"needs {' and '.join(missing)} ({package})" if missing else None


def program_required(mark: str) -> bool:
    return os.environ.get(f"CLAIMWIRE_TEST_{mark.upper()}") == "required"
