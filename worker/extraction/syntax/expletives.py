"""Whether "it" means nobody: "it was imperative that", "it is raining", "it took an hour to reach the bus"."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import has_to

__all__ = ["is_expletive"]

_WEATHER = words("weather_verbs")
_OF_A_CLAUSE = words("verbs_with_expletive_subject")
_STATES_OF_NOTHING = words("states_of_time_and_weather")
_STATES_OF_KNOWING = frozenset("clear unclear known unknown certain uncertain obvious evident".split())
_LINKING = frozenset({"be", "seem", "appear", "become", "look", "feel", "prove", "remain", "sound", "get"})
_STATE = ("acomp", "attr", "oprd", "advmod")
_CLAUSES = ("ccomp", "xcomp", "csubj", "csubjpass")


def is_expletive(pronoun: Token) -> bool:
    """True if an "it" that is a subject stands for a clause, or for the weather or the time."""
    if pronoun.lower_ != "it":
        return False
    verb = pronoun.head
    if pronoun.dep_ == "expl" or verb.lemma_ in _WEATHER:
        return True
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    children = list(verb.children)
    if verb.lemma_ in _OF_A_CLAUSE and any(_is_clause(c) for c in children):
        return True
    if pronoun.dep_ == "nsubjpass":  # "it was agreed that", but not "it was expected to"
        return any(c.dep_ in ("ccomp", "csubjpass") and not has_to(c) for c in children)
    return verb.lemma_ in _LINKING and _is_state_of_a_clause(children)


def _is_clause(child: Token) -> bool:
    return child.dep_ in _CLAUSES or (child.dep_ in ("advcl", "prep") and (has_to(child) or _opens(child)))


def _opens(child: Token) -> bool:
    """True for "that", "whether" and "if" as the first word of a clause."""
    return any(c.dep_ == "mark" and c.lower_ in ("that", "whether", "if") for c in child.children)


def _is_state_of_a_clause(children: list[Token]) -> bool:
    """True if a verb with these children has both a state and a clause that is in it: "it is likely that"."""
    states = [c for c in children if c.dep_ in _STATE]
    if not states:
        return False
    if any(s.lemma_.lower() in _STATES_OF_NOTHING or s.lower_ in _STATES_OF_NOTHING for s in states):
        return True
    if any(s.lower_ in _STATES_OF_KNOWING and _is_asked_behind(s, children) for s in states):
        return True
    of_a_state = any(c.dep_ in (*_CLAUSES, "acl") for s in states if s.dep_ != "attr" for c in s.children)
    of_a_noun = any(
        c.dep_ in (*_CLAUSES, "acl", "relcl") and (has_to(c) or _opens(c) or _is_cleft(c))
        for s in states
        if s.dep_ == "attr"
        for c in s.children
    )
    return of_a_state or of_a_noun or any(_is_clause(c) for c in children)


def _is_asked_behind(state: Token, children: list[Token]) -> bool:
    """True if a question stands behind a state: "it is unclear just when the town voted"; not "it is not clear why"."""
    behind = (t for c in (*children, *state.children) if c.i > state.i for t in c.subtree)
    return any(t.tag_ in ("WRB", "WP") and t.head.pos_ in ("VERB", "AUX") for t in behind)


def _is_cleft(clause: Token) -> bool:
    """True for "it was the driver who ..."."""
    return clause.dep_ == "relcl" and clause.head.pos_ in ("PROPN", "PRON", "NOUN") and not _is_indefinite(clause.head)


def _is_indefinite(noun: Token) -> bool:
    return any(c.dep_ == "det" and c.lower_ in ("a", "an") for c in noun.children) or noun.tag_ == "NNS"
