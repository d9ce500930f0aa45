"""Clusters depend on the pairs, not on their order, and none holds a clash."""

from __future__ import annotations

import itertools

from worker.link.relations.clusters import clustered

IDS = ["a", "b", "c", "d"]


def test_the_order_of_the_pairs_makes_no_difference():
    pairs = {("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "d"): 0.7}
    results = {str(clustered(IDS, dict(order), [("a", "c")])) for order in itertools.permutations(pairs.items())}
    assert results == {"[['a', 'b', 'd']]"}


def test_a_pair_that_clashes_keeps_two_clusters_apart():
    restated = {("a", "b"): 0.9, ("c", "d"): 0.9, ("b", "c"): 0.6}
    assert clustered(IDS, restated, []) == [IDS]
    assert clustered(IDS, restated, [("d", "a")]) == [["a", "b"], ["c", "d"]]


def test_a_claim_alone_is_no_cluster():
    assert clustered(IDS, {}, []) == []
