"""Coverage-guided fuzzing with atheris: `python -m tests.fuzz.guided decoder|extraction|both --seconds N`.

The pure Python of worker.contract and worker.extraction is instrumented; spaCy, orjson and msgspec are not. A finding is
written to tests/fuzz/findings/, the exit code is then 1; mended, it belongs into tests/fuzz/regressions/.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
FINDINGS = HERE / "findings"
SEEDS = HERE.parents[1] / "seeds"
TARGETS = ("decoder", "extraction")
LONGEST = 4096


def fuzz(target, seconds, corpus):
    """One target in this process; libFuzzer ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["worker.contract", "worker.extraction"]):
        from tests.fuzz.promises import decoded, extracted
        from worker.contract.article import RawArticle

        if target == "extraction":
            from worker.extraction.pipeline import Pipeline

    if target == "decoder":
        one = decoded
    else:
        pipeline = Pipeline.load()

        def one(data):
            body = data.decode("utf-8", "replace")
            if body.strip():
                extracted(pipeline, RawArticle(uri="https://news.example/1", body=body))

    FINDINGS.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="ascii") as words:
        words.writelines(f'"{_escaped(word)}"\n' for word in _words(target))
        words.flush()
        atheris.Setup(
            [
                sys.argv[0],
                corpus,
                f"-max_total_time={seconds}",
                f"-max_len={LONGEST}",
                f"-dict={words.name}",
                f"-artifact_prefix={FINDINGS}/{target}-",
                "-timeout=60",
                "-rss_limit_mb=4096",
                "-print_final_stats=1",
                "-verbosity=1",
            ],
            one,
        )
        atheris.Fuzz()


def _words(target):
    from tests.fuzz.strategies import _FIELDS, PIECES

    return [f'"{name}":' for name in _FIELDS] if target == "decoder" else PIECES


def _escaped(word):
    return "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\x{byte:02x}" for byte in word.encode()
    )


def _corpus(target, folder):
    """The project's own seeds: whole records for the decoder, their bodies for the extraction."""
    import orjson

    for path in [*SEEDS.glob("articles/*.json"), *SEEDS.glob("poison/*.bin")]:
        value = path.read_bytes()
        if target == "extraction":
            if path.suffix != ".json":
                continue
            body = orjson.loads(value).get("body")
            value = body.encode() if isinstance(body, str) else b""
        if value:
            (Path(folder) / path.stem).write_bytes(value[:LONGEST])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "both"])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.corpus:
        fuzz(args.target, args.seconds, args.corpus)
        return
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed (it has wheels for Linux on x86_64 alone): nothing was fuzzed")
        return
    targets = TARGETS if args.target == "both" else (args.target,)
    failed = []
    for target in targets:
        with tempfile.TemporaryDirectory() as corpus:
            _corpus(target, corpus)
            seconds = max(1, args.seconds // len(targets))
            began = time.monotonic()
            command = [sys.executable, "-m", "tests.fuzz.guided", target, f"--seconds={seconds}", f"--corpus={corpus}"]
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
            told = [line for line in done.stderr.splitlines() if line.startswith(("stat::", "#"))]
            print(f"{target}: {time.monotonic() - began:.0f}s, exit code {done.returncode}")
            print("\n".join(told[-5:]))
            if done.returncode:
                print(done.stderr[-4000:])
                failed.append(target)
    if failed:
        print(f"Findings of {', '.join(failed)} lie in {FINDINGS}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
