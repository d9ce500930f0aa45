"""Files as they lie about: packed, in other charsets, several objects in one, e-mail, feeds, texts with a bracket."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from datetime import UTC, datetime

import pytest
import zstandard

from worker.archives.articles import read_articles
from worker.contract.article import RawArticle

ONE = {"uri": "u1", "body": "The mayor said no."}
TWO = {"url": "u2", "text": "The council said yes."}


def read(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return list(read_articles(str(path), None))


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([ONE, TWO]).encode(),
        b"\xef\xbb\xbf" + json.dumps([ONE, TWO]).encode(),
        f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n".encode(),
        b"\xef\xbb\xbf" + f"{json.dumps(ONE)}\n{json.dumps(TWO)}".encode(),
        f"{json.dumps(ONE, indent=2)}\n{json.dumps(TWO, indent=2)}\n".encode(),
        f"{json.dumps(ONE, indent=2)},\n{json.dumps(TWO, indent=2)}".encode(),
        json.dumps({"articles": [ONE, TWO]}, indent=1).encode(),
        gzip.compress(json.dumps([ONE, TWO]).encode()),
        gzip.compress(json.dumps(ONE).encode() + b"\n") + gzip.compress(json.dumps(TWO).encode()),
        zstandard.compress(json.dumps([ONE, TWO]).encode()),
    ],
    ids=["array", "BOM", "lines", "lines with BOM", "printed", "with commas", "answer", "gzip", "members", "zstd"],
)
def test_two_articles_are_read_however_they_are_written(tmp_path, data):
    assert [(article.uri, article.body) for article in read(tmp_path, "a.json", data)] == [
        ("u1", "The mayor said no."),
        ("u2", "The council said yes."),
    ]


@pytest.mark.parametrize("start", ["[Updated at noon] ", "{Corrected} ", "[1] ", "<br> tags, he said: "])
def test_a_text_may_begin_like_json_or_html(tmp_path, start):
    (article,) = read(tmp_path, "a.txt", f"{start}The mayor said no.\n\nHe left.".encode())
    assert article.body == f"{start}The mayor said no.\n\nHe left."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            "<html><head><meta charset='windows-1252'></head><p>“No,” he said.</p></html>".encode("cp1252"),
            "“No,”",
        ),
        (
            "<html><head><meta charset=iso-8859-1></head><p>“No,” he said.</p></html>".encode("cp1252"),
            "“No,”",
        ),
        ("“No,” she said. “The bridge – all of it – is safe.” It’s done.".encode("cp1252"), "“No,” she"),
        ("“No,” he said.".encode("utf-16"), "“No,”"),
        ("“No,” he said.".encode("utf-8-sig"), "“No,”"),
    ],
    ids=["meta", "latin-1 as browsers read it", "guessed", "UTF-16", "UTF-8 with a mark"],
)
def test_other_charsets_are_read(tmp_path, data, said):
    (article,) = read(tmp_path, "a.html", data)
    assert said in article.body
    assert not article.body.startswith("\ufeff")


def test_an_e_mail_is_an_article_with_its_subject_sender_and_date(tmp_path):
    mail = (
        b"From: Jo Lens <jo@gazette.example>\r\nTo: desk@gazette.example\r\nSubject: =?utf-8?q?Br=C3=BCcke?= closed\r\n"
        b"Date: Wed, 04 Mar 2026 09:00:00 +0000\r\nMessage-ID: <7@gazette.example>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe mayor said no.\r\n"
    )
    (article,) = read(tmp_path, "a.eml", mail)
    assert (article.uri, article.headline, article.byline) == ("7@gazette.example", "Brücke closed", "Jo Lens")
    assert article.published_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert article.body.strip() == "The mayor said no."


def test_a_feed_has_an_article_for_each_entry(tmp_path):
    items = "".join(f"<item><link>u{n}</link><description>Text {n} of it.</description></item>" for n in (1, 2))
    feed = f"<?xml version='1.0'?><rss><channel><title>G</title>{items}</channel></rss>"
    articles = read(tmp_path, "feed.xml", feed.encode())
    assert [(article.uri, article.publisher) for article in articles] == [("u1", "G"), ("u2", "G")]


def test_what_is_broken_is_named_with_its_place_and_the_rest_is_read(tmp_path):
    first, broken, last = read(tmp_path, "a.jsonl", b'{"uri": "u", "body": "b"}\n{"uri": \n{"uri": "v", "body": "c"}')
    assert isinstance(first, RawArticle)
    assert isinstance(last, RawArticle)
    assert broken.startswith(f"{tmp_path / 'a.jsonl'}:2: not JSON")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b'url,title,text\nu1,Bridge,"The mayor said: ""No.""\n\nHe left."\n\nu2,,Yes\n'),
        (
            "a.csv",
            'url;title;text\r\nu1;Bridge;"The mayor said: ""No.""\n\nHe left."\r\nu2;;Yes\r\n'.encode("utf-8-sig"),
        ),
        ("a.tsv", b'url\ttitle\ttext\nu1\tBridge\t"The mayor said: ""No.""\n\nHe left."\nu2\t\tYes'),
    ],
    ids=["commas", "semicolons and a mark", "tabs"],
)
def test_a_row_of_a_table_in_text_is_an_article(tmp_path, name, data):
    first, second = read(tmp_path, name, data)
    assert (first.uri, first.headline, first.body) == ("u1", "Bridge", 'The mayor said: "No."\n\nHe left.')
    assert (second.uri, second.headline, second.body) == ("u2", None, "Yes")


def test_a_table_in_another_charset_is_read(tmp_path):
    (article,) = read(tmp_path, "a.csv", "url,text\nu1,“No.”\n".encode("cp1252"))
    assert article.body == "“No.”"


def test_a_table_without_a_column_for_the_text_is_refused_once_with_what_to_do(tmp_path):
    (said,) = read(tmp_path, "gdelt.csv", b"20260304090000,1,web,x.example\n" * 1000)
    assert "names no column with a text (it has 20260304090000, 1, web, x.example)" in said
    assert "`fields`" in said


def test_a_row_without_what_an_article_needs_is_named_with_its_line(tmp_path):
    first, second = read(tmp_path, "a.csv", b'url,text\n,"a\nb"\nu2,c\n')
    assert first.startswith(f"{tmp_path}/a.csv:3: the article has no address")
    assert second.uri == "u2"


@pytest.mark.parametrize("data", [gzip.compress(b"x" * 1000, mtime=0)[:-9], b"\x28\xb5\x2f\xfd" + b"x" * 20])
def test_a_packed_file_that_is_damaged_says_so(tmp_path, data):
    (said,) = read(tmp_path, "a.gz", data)
    assert "packed, and" in said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "is a PDF"),
        (b"PK\x03\x04\x14\x00word/document.xml", "is a ZIP archive"),
        (b"{\\rtf1\\ansi The mayor said no.\\par}", "is RTF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (bz2.compress(b"The mayor said no."), "packed with bzip2"),
        (lzma.compress(b"The mayor said no."), "packed with xz"),
        (b"a.json" + b"\x00" * 251 + b"ustar\x00", "is a tar archive"),
        (b"The mayor said no.\x00\x01\x02", "bytes that no text has"),
    ],
    ids=["PDF", "Word", "RTF", "picture", "bzip2", "xz", "tar", "bytes"],
)
def test_a_file_that_holds_no_text_is_refused_with_what_it_is(tmp_path, data, says):
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    (refused,) = read_articles(str(path), None)
    assert str(path) in refused
    assert says in refused


def test_each_message_of_a_box_is_an_article(tmp_path):
    path = tmp_path / "a.mbox"
    mails = [
        f"From m@c.example Wed Mar  4 09:0{n}:00 2026\nFrom: Jo Lens <j@c.example>\nSubject: Toll {n}\n\nIt rose.\n"
        for n in (1, 2)
    ]
    path.write_text("\n".join(mails))
    found = list(read_articles(str(path), None))
    assert [(article.headline, article.byline, article.body) for article in found] == [
        ("Toll 1", "Jo Lens", "It rose.\n\n"),
        ("Toll 2", "Jo Lens", "It rose.\n"),
    ]
    path.write_text("From Northford to Southford the toll rose, said the board.\n")
    (text,) = read_articles(str(path), None)
    assert text.body.startswith("From Northford")


def test_what_stands_above_a_text_between_lines_is_about_it(tmp_path):
    path = tmp_path / "toll.md"
    path.write_text(
        '---\ntitle: "Toll rises"\ndate: 2026-03-04\nauthor: Jo Lens\ntags:\n - a\n---\n\nIt rose.\n\n---\n\nIt fell.\n'
    )
    (article,) = read_articles(str(path), None)
    assert (article.headline, article.byline, article.published_at.day) == ("Toll rises", "Jo Lens", 4)
    assert article.body == "\nIt rose.\n\n---\n\nIt fell.\n"
    assert article.uri == f"file:{path.as_posix()}"


PLAIN = "It rose.\n\n“No,” she said.\n"


@pytest.mark.parametrize(
    "above",
    [
        (
            '+++\ntitle = "Toll rises"\ndate = 2026-03-04T09:00:00Z\nauthors = ["Jo Lens", "Al Moss"]\n'
            'url = "https://g.example/t"\n+++\n'
        ),
        (
            "---\ntitle: >-\n  Toll\n  rises\ndate: 2026-03-04 09:00 # once\nauthors:\n  - Jo Lens\n  - name: Al Moss\n"
            "permalink: 'https://g.example/t'\n---\n"
        ),
        (
            '---\r\ntitle: Toll rises\r\ndate: 2026-03-04 09:00\r\nauthor: [Jo Lens, "Al Moss"]\r\n'
            "url: https://g.example/t\r\n---\r\n"
        ),
    ],
    ids=["TOML", "YAML with lists and a folded line", "YAML with lists in a line"],
)
def test_fields_above_a_text_are_read_as_their_generators_read_them(tmp_path, above):
    (article,) = read(tmp_path, "a.md", f"{above}{PLAIN}".encode())
    assert (article.uri, article.headline, article.byline) == ("https://g.example/t", "Toll rises", "Jo Lens, Al Moss")
    assert article.published_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert article.body == PLAIN


def test_a_text_that_is_yaml_with_a_body_is_an_article_and_any_other_is_a_text(tmp_path):
    written = (
        "# an export\nurn: 7\nuri: urn:x:1\ntitle: 'It''s up'\nbody: |\n  It rose.\n\n  “No,” she said.\ntags:\n- a\n"
    )
    (article,) = read(tmp_path, "a.yaml", written.encode())
    assert (article.uri, article.headline, article.body) == ("urn:x:1", "It's up", PLAIN.strip())
    (text,) = read(tmp_path, "b.txt", b"Mayor: We will not pay.\nVance: Nor shall we.\n\nThey left.")
    assert text.body.startswith("Mayor: We will not pay.")


def test_the_messages_of_a_wire_are_what_stands_between_their_header_and_their_end(tmp_path):
    message = b"\x16\x16\x01GTX0123 4 I 0071\r\nBC-toll\r\n\x02Toll rises\r\n   It rose.\r\n\x03\r\n041200 GMT\r\n\x04"
    first, second = read(tmp_path, "wire.txt", message + message)
    assert first.body == second.body == "Toll rises\r\n   It rose.\r\n"
    assert first.uri != second.uri


def test_a_page_that_a_browser_saved_has_the_address_of_the_page(tmp_path):
    saved = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://g.example/t\nSubject: Toll\n"
        "Date: Thu, 5 Mar 2026 09:00:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="X"\n\n'
        "--X\nContent-Type: text/html\nContent-Location: https://g.example/t\n\n<p>“No,” she said.</p>\n--X--\n"
    )
    (article,) = read(tmp_path, "a.mht", saved.encode())
    assert (article.uri, article.published_at, article.byline) == ("https://g.example/t", None, None)
    assert "“No,”" in article.body


def test_xml_of_another_kind_without_a_paragraph_is_refused_with_its_root(tmp_path):
    (said,) = read(
        tmp_path, "a.xml", b"<?xml version='1.0'?><urlset><url><loc>https://g.example/t</loc></url></urlset>"
    )
    assert "root is <urlset>" in said
    two = b"<?xml version='1.0'?><list><article><p>It rose.</p></article><article><p>It fell.</p></article></list>"
    (several,) = read(tmp_path, "b.xml", two)
    assert "root is <list>" in several
