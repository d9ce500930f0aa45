"""The words that name acts of speech, from data/acts.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from worker.contract.claim import Act
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words

__all__ = ["Lexicon", "SetPhrase", "lexicon"]

_MAX_GAP = 2
"""Words that may be between two words of a phrase: "expressed deep concern", "made it very clear"."""

_AUXILIARIES = frozenset(("be", "have"))
_CLAUSE_STARTERS = words("clause_starters")
"""Never between two words of a phrase: with them another clause begins ("said it had nothing")."""


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A phrase that reports speech by itself. `words`: lemmas, and "*" for an object with which the content begins.

    `openers`: the words with which what is said begins; none where it follows at once. `of_statements`: only what is
    said or feared is said of with it.
    """

    act: Act
    words: tuple[str, ...]
    openers: frozenset[str]
    of_statements: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """`verbs` and `nouns` give a lemma its act, `phrases` those that begin with a lemma, longer ones first.

    The words of `set_phrases` are among the phrases. `plover` has only the acts that an event type of the PLOVER
    ontology fits.
    """

    verbs: Mapping[str, Act]
    nouns: Mapping[str, Act]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Act], ...]]
    set_phrases: Mapping[str, tuple[SetPhrase, ...]]
    plover: Mapping[Act, str]
    statements: frozenset[str]
    proposals: frozenset[str]
    praise: frozenset[str]
    blame: frozenset[str]
    untrue: frozenset[str]
    wrongs: frozenset[str]
    deceits: frozenset[str]
    wrongs_to_anybody: frozenset[str]
    wrongs_save_with: Mapping[str, frozenset[str]]
    wrong_phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    wrongdoers: frozenset[str]
    wrongful_states: frozenset[str]
    wrongful_deeds: frozenset[str]
    wrongs_of_objects: Mapping[str, frozenset[str]]
    harm: frozenset[str]
    harm_of_somebody: frozenset[str]
    harmed_things: frozenset[str]
    harm_at_law: frozenset[str]
    harm_under_condition: frozenset[str]
    harm_with_particle: frozenset[tuple[str, str]]
    harm_of_objects: Mapping[str, frozenset[str]]
    menacing_verbs: frozenset[str]
    menacing_prices: frozenset[str]
    menacing_events: frozenset[str]

    def phrase(self, lemmas: Sequence[str], first_until: int) -> tuple[tuple[str, ...], Act] | None:
        """The longest phrase that begins among the first `first_until` lemmas, with its act."""
        best: tuple[tuple[str, ...], Act] | None = None
        for at, lemma in enumerate(lemmas[:first_until]):
            for phrase, act in self.phrases.get(lemma, ()):
                better = best is None or (len(phrase), phrase[0] not in _AUXILIARIES) > (
                    len(best[0]),
                    best[0][0] not in _AUXILIARIES,
                )
                if better and _follows(phrase, lemmas, at):
                    best = phrase, act
        return best

    def is_wrong(self, lemmas: Sequence[str]) -> bool:
        """Whether these lemmas begin with a phrase that is a wrong: "turned a blind eye", "went back on its word"."""
        return any(_follows(phrase, lemmas, 0) for phrase in self.wrong_phrases.get(lemmas[0], ()))


def _follows(phrase: tuple[str, ...], lemmas: Sequence[str], at: int) -> bool:
    """Whether the rest of a phrase follows its first word at `at`, with at most _MAX_GAP words between two of them."""
    for word in phrase[1:]:
        window = lemmas[at + 1 : at + 2 + _MAX_GAP]
        if word not in window:
            return False
        skipped = list(window).index(word)
        if _CLAUSE_STARTERS & set(window[:skipped]):
            return False
        at += 1 + skipped
    return True


@cache
def lexicon() -> Lexicon:
    """The lexicon of data/acts.toml, read once. Raises ValueError where the file lists a word under two acts."""
    raw = read_table("acts")
    phrases: dict[str, list[tuple[tuple[str, ...], Act]]] = {}
    set_phrases: dict[str, list[SetPhrase]] = {}
    for act in Act:
        for phrase in raw[act].get("phrases", ()):
            lemmas = tuple(phrase.split())
            phrases.setdefault(lemmas[0], []).append((lemmas, act))
        for key in ("set_phrases", "set_phrases_of_statements"):
            for phrase in raw[act].get(key, ()):
                made = _set_phrase(act, phrase, of_statements=key != "set_phrases")
                set_phrases.setdefault(made.words[0], []).append(made)
                if len(lemmas := tuple(word for word in made.words if word != "*")) > 1:
                    phrases.setdefault(lemmas[0], []).append((lemmas, act))
    return Lexicon(
        verbs=_words(raw, "verbs"),
        nouns=_words(raw, "nouns"),
        phrases={first: tuple(sorted(each, key=lambda p: -len(p[0]))) for first, each in phrases.items()},
        set_phrases={first: tuple(sorted(each, key=lambda p: -len(p.words))) for first, each in set_phrases.items()},
        plover={act: raw[act]["plover"] for act in Act if "plover" in raw[act]},
        statements=frozenset(raw["objects"]["statements"].split()),
        proposals=frozenset(raw["objects"]["proposals"].split()),
        praise=frozenset(raw["evaluation"]["praise"].split()),
        blame=frozenset(raw["evaluation"]["blame"].split()),
        untrue=frozenset(raw["evaluation"]["untrue"].split()),
        wrongs=frozenset(raw["wrongs"]["verbs"].split()),
        deceits=frozenset(raw["wrongs"]["deceits"].split()),
        wrongs_to_anybody=frozenset(raw["wrongs"]["to_anybody"].split()),
        wrongs_save_with={verb: frozenset(objects.split()) for verb, objects in raw["wrongs_save_with"].items()},
        wrong_phrases=_by_first_word(raw["wrongs"]["phrases"]),
        wrongdoers=frozenset(raw["wrongs"]["wrongdoers"].split()),
        wrongful_states=frozenset(raw["wrongs"]["states"].split()),
        wrongful_deeds=frozenset(raw["wrongs"]["deeds"].split()),
        wrongs_of_objects={
            **{verb: frozenset(objects.split()) for verb, objects in raw["wrongs_of_objects"].items()},
            **dict.fromkeys(
                raw["wrongs_to_victims"]["verbs"].split(), frozenset(raw["wrongs_to_victims"]["victims"].split())
            ),
        },
        harm=frozenset(raw["harm"]["verbs"].split()) | frozenset(raw["harm"]["of_somebody"].split()),
        harm_of_somebody=frozenset(raw["harm"]["of_somebody"].split()),
        harmed_things=frozenset(raw["harm"]["harmed_things"].split()),
        harm_at_law=frozenset(raw["harm"]["legal"].split()),
        harm_under_condition=frozenset(raw["harm"]["under_condition"].split()),
        harm_with_particle=frozenset(
            (verb, particle) for verb, particle in map(str.split, raw["harm"]["with_particle"])
        ),
        harm_of_objects={verb: frozenset(objects.split()) for verb, objects in raw["harm_of_objects"].items()},
        menacing_verbs=frozenset(raw["menaces"]["verbs"].split()),
        menacing_prices=frozenset(raw["menaces"]["paid"].split()),
        menacing_events=frozenset(raw["menaces"]["met"].split()),
    )


def _by_first_word(phrases: Sequence[str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    by_first: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words_of in map(tuple, map(str.split, phrases)):
        by_first[words_of[0]] = (*by_first.get(words_of[0], ()), words_of)
    return by_first


def _set_phrase(act: Act, phrase: str, *, of_statements: bool) -> SetPhrase:
    said, _, openers = phrase.partition(" > ")
    return SetPhrase(act, tuple(said.split()), frozenset(openers.split()), of_statements)


def _words(raw: Mapping[str, Mapping[str, str]], key: str) -> dict[str, Act]:
    act_of: dict[str, Act] = {}
    for act in Act:
        for word in raw[act].get(key, "").split():
            if word in act_of:
                raise ValueError(f"acts.toml: {word!r} is among the {key} of {act_of[word]} and of {act}")
            act_of[word] = act
    return act_of
