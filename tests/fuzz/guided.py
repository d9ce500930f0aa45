"""Coverage-guided fuzzing with atheris: `python -m tests.fuzz.guided TARGET|all --seconds N`; see targets.py.

The pure Python of the target's modules is instrumented; spaCy, orjson and msgspec are not. A finding is written to
tests/fuzz/findings/ and the exit code is 1; once it is fixed, move it to tests/fuzz/regressions/.
"""

from __future__ import annotations

import argparse
import importlib.util
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

from tests.fuzz.targets import MAX_BYTES, TARGETS

FINDINGS = Path(__file__).parent / "findings"


def fuzz(name, seconds, corpus):
    """One target in this process; libFuzzer ends the process itself."""
    import atheris

    target = TARGETS[name]
    with atheris.instrument_imports(include=list(target.instrumented)):
        one = target.make()
    FINDINGS.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="ascii") as words:
        words.writelines(f'"{_escaped(word)}"\n' for word in target.words())
        words.flush()
        atheris.Setup(
            [
                sys.argv[0],
                corpus,
                f"-max_total_time={seconds}",
                f"-max_len={MAX_BYTES}",
                *([f"-dict={words.name}"] if target.words() else []),
                f"-artifact_prefix={FINDINGS}/{name}-",
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
                "-verbosity=1",
            ],
            one,
        )
        atheris.Fuzz()


def _escaped(word):
    return "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\x{byte:02x}" for byte in word.encode()
    )


def _corpus(name, folder):
    for number, seed in enumerate(TARGETS[name].seeds()):
        if seed:
            (Path(folder) / str(number)).write_bytes(seed[:MAX_BYTES])


def _run(command):
    """Runs libFuzzer, and shows its numbers as they come: a run that is stopped has told how far it was.

    Returns the exit code and the end of what it said.
    """
    said = deque(maxlen=60)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            for line in running.stderr:
                said.append(line)
                if line.startswith("stat::") or (line.startswith("#") and " pulse " in line):
                    print(line, end="", flush=True)
        except BaseException:  # SIGTERM, Ctrl-C
            running.terminate()
            raise
    return running.returncode, "".join(said)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--corpus", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.corpus:
        fuzz(args.target, args.seconds, args.corpus)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the fuzzing process ends as well
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed (it has wheels for Linux on x86_64 alone): nothing was fuzzed")
        return
    targets = tuple(TARGETS) if args.target == "all" else (args.target,)
    failed = []
    for target in targets:
        with tempfile.TemporaryDirectory() as corpus:
            _corpus(target, corpus)
            began = time.monotonic()
            command = [
                sys.executable,
                "-m",
                "tests.fuzz.guided",
                target,
                f"--seconds={args.seconds}",
                f"--corpus={corpus}",
            ]
            code, said = _run(command)
            print(f"{target}: {time.monotonic() - began:.0f}s, exit code {code}", flush=True)
            if code:
                print(said)
                failed.append(target)
    if failed:
        print(f"Findings of {', '.join(failed)} lie in {FINDINGS}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
