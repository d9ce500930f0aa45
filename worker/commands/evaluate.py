"""claimwire eval: the extraction measured against articles that were marked by hand."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from worker.commands.options.force import force_option
from worker.visible_text import visible_lines

__all__ = ["evaluate"]


@click.command("eval")
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option("--errors", is_flag=True, help="Also print the kinds of error, the most frequent first, with examples.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option(
    "--nested", is_flag=True, help="Also count attributions inside another's content; most gold files mark none."
)
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the attributions that were found to this file, as JSON Lines.",
)
@force_option
@click.option("--model/--rules-only", default=True, help="Use the trained attribution model where it is installed.")
def evaluate(
    gold: Path, errors: bool, as_json: bool, nested: bool, predictions: Path | None, force: bool, model: bool
) -> None:
    """Measure the extraction against GOLD, articles that were marked by hand.

    GOLD is JSON Lines (.gz too), an article a line: {"text", "publisher", "annotations": [{"attributions": [{"source":
    [[start, end]], "cue": [[start, end]], "content": [[start, end]]}]}]}, offsets in characters of `text`. A found
    content fits a gold one from an intersection over union of 0.5; an attribution fits when its source does so too.
    A GOLD that is a folder holds hand-judged claims, a JSON file an article (tests/golden/README.md): then each
    attribute of the claims is measured - voice, source, act, polarity, certainty, times and so on. A folder of
    hand-judged pairs of claims (tests/golden/pairs/README.md) measures the relations between claims.
    """
    from worker.archives.whole_file import WholeFile
    from worker.extraction.pipeline import Pipeline
    from worker.measure.attribution_report import evaluate_file
    from worker.measure.claims_report import evaluate_folder
    from worker.measure.pairs import holds_pairs
    from worker.measure.relations_report import evaluate_pairs

    pipeline = Pipeline.load(model=model)
    click.echo(f"pipeline {pipeline.version}", err=True)
    with ExitStack() as files:
        write = files.enter_context(WholeFile(predictions, replace=force)).write if predictions else None
        if gold.is_dir() and holds_pairs(gold):
            lines = evaluate_pairs(gold, pipeline, errors=errors, as_json=as_json)
        elif gold.is_dir():
            lines = evaluate_folder(gold, pipeline, errors=errors, as_json=as_json)
        else:
            lines = evaluate_file(gold, pipeline, errors=errors, write_prediction=write, as_json=as_json, nested=nested)
        for line in lines:
            click.echo(line if as_json else visible_lines(line))
