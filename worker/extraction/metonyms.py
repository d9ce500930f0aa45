"""Whether a capital stands for its government: "Moscow said", "talks with Tehran", but "in Moscow"."""

from __future__ import annotations

from typing import Any

__all__ = ["speaks"]

_ACTS = frozenset(
    "accept accuse acknowledge add agree announce answer argue approve ask assert assure back ban believe blame block boycott call "
    "claim complain condemn confirm consider counter criticise criticize decide decline defend demand deny denounce deploy "
    "describe dismiss dispute dispatch doubt endorse enter expect expel express favour favor fear finance find fund give "
    "halt hint hope impose indicate insist intend intervene invade know lift maintain mediate mobilise negotiate notify object offer oppose "
    "order pay plan pledge prefer prepare press promise propose protest provide publish push react recall recognise recognize "
    "refuse reject reiterate renew repeat reply request resist resume respond retaliate reveal rule sanction say scrap see seek send share sign "
    "signal stand state stop stress strike suggest supply support suspend sue suspect tell think threaten try understand unveil urge "
    "veto view voice vow want warn welcome win wish withdraw withhold work worry".split()
)
_TOLD = frozenset(
    "accuse ask assure back blame call condemn convince criticise criticize defy force inform isolate notify oblige press pressure "
    "punish push reassure sanction sue support tell threaten urge warn".split()
)
_HAS = frozenset(
    "ally allies ambassador answer approach army army's attack claim campaign concern consent decision demand denial diplomat envoy "
    "foreign force government hand hostility intention intelligence interest invasion involvement leader leadership line "
    "military minister ministry negotiator objection offer patience plan policy position pressure price promise proposal reaction rejection "
    "reply representative request response rule sanction side spokesman spokeswoman stance strategy support threat tie troop troops "
    "veto view war warning will willingness withdrawal".split()
)
_BETWEEN = frozenset(
    "agreement alliance border conflict contact cooperation crisis deal dialogue diplomacy dispute friction negotiation pact pressure "
    "quarrel rapprochement relation relationship rift row sanction standoff summit talk tension tie treaty truce understanding war".split()
)


def speaks(token: Any) -> bool:
    """`token` is the capital's (last) word in the parse."""
    seen = token
    for _ in range(3):  # "Moscow and Ankara agreed"
        if seen.dep_ != "conj" or seen.head.pos_ != "PROPN":
            break
        seen = seen.head
    head = seen.head
    match seen.dep_:
        case "nsubj":
            return head.lemma_.casefold() in _ACTS or (head.lemma_ in ("be", "have") and _would_act(head))
        case "poss" | "compound":
            return head.lemma_.casefold() in _HAS
        case "dobj":
            return head.lemma_.casefold() in _TOLD
        case "pobj":
            return _after(head)
        case _:
            return False


def _would_act(verb: Any) -> bool:
    """ "Moscow is ready to", "has accused"; not "Paris is beautiful"."""
    return any(
        c.dep_ in ("xcomp", "acomp") and (c.pos_ == "VERB" or any(g.dep_ == "xcomp" for g in c.children))
        for c in verb.children
    )


def _after(preposition: Any) -> bool:
    governor = preposition.head
    lemma = governor.lemma_.casefold()
    match preposition.lower_:
        case "between" | "with" | "against":
            return lemma in _BETWEEN or lemma in _ACTS
        case "by":
            return governor.tag_ == "VBN" and lemma in _ACTS
        case "on":
            return lemma in ("call", "pressure", "sanction", "press")
        case "to":
            return lemma in ("say", "concession", "message", "warning", "demand", "aid")
        case _:
            return False
