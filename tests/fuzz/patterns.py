"""Searches the patterns of the worker for one that a short text can keep busy for ever.

Such a pattern has a repeat whose inside can be matched in two ways: where nothing fits behind it, all combinations of
these are tried, twice as many for each repetition. So each repeat is given forty of what it repeats, and then something
that fits nowhere.
"""

from __future__ import annotations

import json
import random
import re
import re._constants as codes
import re._parser as parser
import signal
import subprocess
import sys

from tests.paths import ROOT

__all__ = ["endless", "patterns_of_the_worker"]

_COLLECT = """
import importlib, json, pkgutil, re, sys
import worker
found = {}
compiled = re._compile
def kept(pattern, flags):
    frame = sys._getframe(2)
    if frame.f_globals.get("__name__", "").startswith("worker") and isinstance(pattern, (str, bytes)):
        text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
        found[text, int(flags)] = f"{frame.f_globals['__name__']}:{frame.f_lineno}"
    return compiled(pattern, flags)
re._compile = kept
for module in pkgutil.walk_packages(worker.__path__, "worker."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(json.dumps([[place, *pattern] for pattern, place in found.items()]))
"""
_REPETITIONS, _CPU_S = 40, 0.5
_MANY = 8
"""Repetitions from which a repeat is looked at: as many choices as that are soon made."""
_ENDS = ("", "\x01", "\x01 x")
_OF_CATEGORY = {codes.CATEGORY_SPACE: " ", codes.CATEGORY_DIGIT: "1", codes.CATEGORY_NOT_WORD: "-"}


def patterns_of_the_worker():
    """Place, pattern and flags of each that is compiled when the modules of the worker are imported."""
    done = subprocess.run([sys.executable, "-c", _COLLECT], capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def endless(pattern, flags):
    """A text on which the pattern does not end; None where none was found."""
    flags &= ~(re.UNICODE | re.DEBUG)
    compiled, tree, choice = re.compile(pattern, flags), parser.parse(pattern, flags), random.Random(1)  # noqa: S311 - the same texts each time
    tried = set()
    for before, body in _repeats(tree, choice):
        units = {_sample(body, choice, full) for full in (False, True, True)} | {" ", "\u00a0"}
        tried |= {(start, unit) for unit in units if unit for start in ("", before)}
    for before, unit in sorted(tried):
        for end in _ENDS:
            text = before + unit * _REPETITIONS + end
            if not _ends(compiled, text):
                return text
    return None


class _TakesTooLongError(Exception):
    pass


def _ends(compiled, text):
    def stop(*_):
        raise _TakesTooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _CPU_S)
    try:
        compiled.search(text)
        compiled.fullmatch(text)
    except _TakesTooLongError:
        return False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True


def _repeats(sequence, choice, before=""):
    """What each repeat of a pattern repeats, and a text that matches what comes before it."""
    for step in sequence:
        code, of = step
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            if int(of[1]) > _MANY:
                yield before, of[2]
            yield from _repeats(of[2], choice, before)
        elif code is codes.SUBPATTERN:
            yield from _repeats(of[3], choice, before)
        elif code is codes.BRANCH:
            for branch in of[1]:
                yield from _repeats(branch, choice, before)
        before += _sample([step], choice, full=False)


def _sample(sequence, choice, full):
    """A text that the steps of a pattern match, as a rule; `full`: with what may be left out."""
    return "".join(_sample_of(code, of, choice, full) for code, of in sequence)


def _sample_of(code, of, choice, full):
    if code is codes.LITERAL:
        return chr(of)
    if code in (codes.ANY, codes.NOT_LITERAL):
        return "b" if of == ord("a") else "a"
    if code is codes.IN:
        return _one_of(of, choice)
    if code is codes.BRANCH:
        return _sample(choice.choice(of[1]), choice, full)
    if code is codes.SUBPATTERN:
        return _sample(of[3], choice, full)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, body = of
        times = max(least, min(int(most), 1)) if full else least
        return "".join(_sample(body, choice, full) for _ in range(min(times, _REPETITIONS)))
    return ""


def _one_of(members, choice):
    kinds = [kind for kind, _ in members]
    if codes.NEGATE in kinds:
        taken = {chr(of) for kind, of in members if kind is codes.LITERAL}
        blanks = any(kind is codes.CATEGORY and of is codes.CATEGORY_SPACE for kind, of in members)
        return next((char for char in "a 1-.,\n~" if char not in taken and not (blanks and char.isspace())), "~")
    options = []
    for kind, of in members:
        if kind is codes.LITERAL:
            options.append(chr(of))
        elif kind is codes.RANGE:
            options.append(chr(of[0]))
        elif kind is codes.CATEGORY:
            options.append(_OF_CATEGORY.get(of, "a"))
    return choice.choice(options) if options else ""
