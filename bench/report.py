"""The tables and pictures of docs/performance.md and docs/scaling.md, from the figures in bench/figures.

python -m bench.report

A page has the place of a table as a pair of marks, `<!-- figures NAME -->` and `<!-- end -->`, with the name of a file
of figures; what is between them is written anew. Pictures are docs/performance-*.svg.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.drawing import Line, bars, lines
from bench.figures import FOLDER, Kept, kept

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("performance.md", "scaling.md")
_PLACE = re.compile(r"(<!-- figures ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(of: Kept) -> str:
    """The figures of a file as Markdown, with the command and the machine that made them."""
    machine = of.machine
    rows = "\n".join(f"| {figure.name} | {figure.told} | {figure.bar} |" for figure in of.figures)
    told = f"    {of.command}\n\n| | | bar |\n|---|---|---|\n{rows}\n\n" if of.figures else f"    {of.command}\n\n"
    exponents = ", ".join(
        f"over {curve.name} {curve.exponent:.2f}" for curve in of.curves if curve.exponent is not None
    )
    grows = f"Exponent of growth: {exponents}. " if exponents else ""
    return (
        f"{told}{grows}{of.date}, commit {machine['commit']}, {machine['cores']} cores ({machine['processor']}), load "
        f"{machine['load']}, Python {machine['python']}, onnxruntime {machine['onnxruntime']}, spaCy "
        f"{machine['spacy']}, aiokafka {machine['aiokafka']}.\n"
    )


def pictures(of: Kept) -> Iterator[tuple[str, str]]:
    """The name of a file and the picture for it."""
    if of.bench == "extraction_speed":
        rows = [(f.name, f.median, min(f.values), max(f.values)) for f in of.figures if f.unit.startswith("%")]
        yield "performance-stages.svg", bars("CPU of the extraction by stage", rows, "%")
    for curve in of.curves:
        if curve.exponent is not None:
            yield (
                f"performance-{curve.name.replace(' ', '-')}.svg",
                lines(f"Growth over {curve.x}", curve.x, curve.y, [("", curve.points)], logarithmic=True),
            )
    if of.bench == "simulation":
        for what in ("calm day", "breaking news"):
            named = [(c.name.removeprefix(f"{what}: "), c) for c in of.curves if c.name.startswith(what)]
            drawn: list[Line] = [(f"{n}", c.points) for n, (_, c) in enumerate(named[1:], 1)]
            title = f"Records that wait, {what}: ways 1 to {len(drawn)} of the table"
            yield f"performance-lag-{what.replace(' ', '-')}.svg", lines(title, "hour of the day", "records", drawn)


def written(page: str, files: dict[str, Kept]) -> str:
    """The page with its tables made anew; where nothing was kept yet, the place stays as it is."""
    return _PLACE.sub(lambda p: f"{p[1]}\n{table(files[p[2]])}\n{p[3]}" if p[2] in files else p[0], page)


def main() -> None:
    files = {path.stem: kept(path) for path in sorted(FOLDER.glob("*.json"))}
    for of in files.values():
        for name, picture in pictures(of):
            (DOCS / name).write_text(picture, encoding="utf-8")
            print(DOCS / name)
    for name in PAGES:
        path = DOCS / name
        path.write_text(written(path.read_text(encoding="utf-8"), files), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
