"""A parse that went through bytes is the same parse, also for a vocabulary that has not met its words."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from worker.extraction.text.packed_doc import pack, unpack
from worker.extraction.text.parser import MODEL, load_parser, same_length

TEXTS = [
    "Mayor Zyta Qvorbel said on Monday the bridges won't reopen.\n\n“We've lost 3,000 jobs,” said her deputy.",
    "word",
    "Two  spaces\tand a tab , then ünïcödé 😀 and a URL https://news.example/1 .",
    "",
]
READ = ("text", "whitespace_", "lower_", "lemma_", "dep_", "tag_", "pos_", "ent_type_", "ent_iob_", "is_sent_start")


@pytest.fixture(scope="module")
def parse():
    parser = load_parser()
    return lambda text: parser(text).of


def read(doc):
    tokens = [(*(getattr(token, name) for name in READ), token.head.i, str(token.morph)) for token in doc]
    return tokens, [(s.start, s.end) for s in doc.sents] if len(doc) else [], [(e.text, e.label_) for e in doc.ents]


@pytest.mark.parametrize("text", TEXTS)
def test_a_parse_comes_out_as_it_went_in(parse, text):
    doc = parse(same_length(text))
    assert read(unpack(pack(doc), doc.vocab)) == read(doc)


@pytest.mark.parametrize("text", TEXTS)
def test_another_process_s_vocabulary_gives_the_same_parse(parse, text):
    doc = parse(same_length(text))
    other = spacy.load(MODEL).vocab
    assert isinstance(other, Vocab)
    assert other is not doc.vocab
    assert read(unpack(pack(doc), other)) == read(doc)


@pytest.mark.parametrize("text", TEXTS)
def test_the_parse_is_that_which_spacys_own_form_gives_back(parse, text):
    doc = parse(same_length(text))
    (theirs,) = DocBin(store_user_data=False).from_bytes(DocBin(docs=[doc]).to_bytes()).get_docs(doc.vocab)
    assert read(unpack(pack(doc), doc.vocab)) == read(theirs)


def test_broken_bytes_are_an_error(parse):
    packed = pack(parse("The council met."))
    with pytest.raises(ValueError, match=r"."):
        unpack(packed[:-3], spacy.load(MODEL).vocab)
