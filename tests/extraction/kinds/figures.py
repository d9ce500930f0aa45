"""Prints how many of the short texts of each kind are read right."""

from __future__ import annotations

from collections import Counter

from tests.extraction.kinds.checks import holds
from tests.extraction.kinds.sentences import claims_of, sentences
from worker.extraction.pipeline import Pipeline


def main():
    pipeline = Pipeline.load()
    right, every = Counter(), Counter()
    for case in sentences():
        claims = claims_of(pipeline, case)
        every[case["kind"]] += 1
        right[case["kind"]] += all(holds(check, claims) for check in case["checks"])
    for kind in sorted(every):
        print(f"{kind:4} {right[kind]:4} of {every[kind]:3}")
    print(f"all  {right.total():4} of {every.total():3}")


if __name__ == "__main__":
    main()
