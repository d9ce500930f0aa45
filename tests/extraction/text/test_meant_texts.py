"""What was meant is read: marks inside of sentences, shortcodes, letters read wrongly, characters that nobody sees."""

from __future__ import annotations

import json

import pytest

from worker.contract.article import RawArticle, WarningKind
from worker.extraction.text.clean import clean

SAID = "The harbour board said on Tuesday that the toll would rise to four pounds."
DENIED = "Board member Ida Crewe denied that the ferry would close."
PAGE = [
    f"In point {n} of its answer the harbour board wrote that the ferry keeps the timetable of pier {n}."
    for n in range(12)
]


def lines(body):
    cleaned = clean(RawArticle(uri="https://courier.example/toll", body=body, headline="Toll rises"))
    return cleaned.text.split("\n\n")[1:]


@pytest.mark.parametrize(
    ("inside", "meant"),
    [
        ("It said: <q>the toll will rise</q>.", "It said: “the toll will rise”."),
        ("It said: <q>he says <q>no</q> <b>now</b></q>.", "It said: “he says ‘no’ now”."),
        ("It said: “<q>the toll will rise</q>”.", "It said: “the toll will rise”."),
        ("It said: <q>“the toll will rise”</q>.", "It said: “the toll will rise”."),
        ("The price is <del>three</del> <ins>four</ins> pounds.", "The price is four pounds."),
        ("The price rose.<sup><a href='#n1'>[1]</a></sup>", "The price rose."),
        ("The price rose.<a href='#n1'><sup>12</sup></a> It did.", "The price rose. It did."),
        ("On the 10<sup>th</sup> the CO<sub>2</sub> rose.", "On the 10th the CO2 rose."),
        ("It&amp;#8217;s late &amp;amp; cold.", "It’s late & cold."),
        ("<span class='cap'>T</span>he fer<wbr>ry de&shy;lays.", "The ferry delays."),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_a_sentence_has_its_words_and_its_quotation_marks(inside, meant, whole):
    more = "".join(f"<p>{text}</p>" for text in PAGE)
    page = f"<!DOCTYPE html><html><head></head><body><article><p>{inside}</p>{more}</article></body></html>"
    assert lines(page if whole else f"<p>{inside}</p>")[0] == meant


@pytest.mark.parametrize(
    "body",
    [
        f'[caption id="a" align="left"]<img src="1.jpg"> The pier.[/caption]<p>{SAID}</p>[gallery]<p>{DENIED}</p>',
        f"<p>{SAID}</p>\n[embed]https://video.example/1[/embed]\n<p>{DENIED}</p>",
        f"[vc_row css='.x'][vc_column]<p>{SAID}</p><p>[b]{DENIED}[/b]</p>[/vc_column][/vc_row]",
        f"[quote author=x]{SAID}[/quote]\n\n{DENIED}",
        f"<p>{SAID}</p><!--[if gte mso 9]><xml>x</xml><![endif]--><p class='Mso'>{DENIED}<o:p></o:p></p><p>&nbsp;</p>",
    ],
    ids=["caption and gallery", "embed", "layout", "quote", "Word"],
)
def test_what_a_system_would_have_put_something_in_place_of_is_no_text(body):
    assert lines(body) == [SAID, DENIED]


@pytest.mark.parametrize(
    "text", ["The mayor [sic] said [the toll] rose [more].", "[Updated] He said no [laughs]. [1/2]"]
)
def test_brackets_of_an_editor_stay(text):
    assert lines(f"{text}\n\n{SAID}") == [text, SAID]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("â€œItâ€™s too high,â€\x9d said Ida MÃ¼ller â€“ again.", "“It’s too high,” said Ida Müller – again."),
        ("The toll is Â£4, Â½ more; NovÃ¡k and Å¡koda, ðŸ˜€.", "The toll is £4, ½ more; Novák and škoda, 😀."),
        ("\x93It\x92s too high,\x94 said Ida \x96 again.", "“It’s too high,” said Ida – again."),
        (
            "Ida Crewe de\u00adni\u200bed, \u202ethe\u202c f\ufefferry\x07 cl\u200cosed.",
            "Ida Crewe denied, the ferry closed.",
        ),
        (
            "“Spaß” in the “café”—a bar, “voilà”… and NÃO, Ångström.",
            "“Spaß” in the “café”—a bar, “voilà”… and NÃO, Ångström.",
        ),
        (
            "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 waved.",
            "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 waved.",
        ),
    ],
    ids=["quotes", "letters", "controls", "unseen", "right as it stands", "emoji"],
)
def test_letters_are_those_that_were_meant(written, meant):
    assert lines(f"{written}\n\n{SAID}")[0] == lines(f"<p>{written}</p><p>{SAID}</p>")[0] == meant


WRAPPED = """The harbour board said on Tuesday that the toll would
rise to four pounds.

Board member Ida Crewe denied that the
ferry would close. She spoke after a meeting in
Northford that went on until the morning.

- Cars pay four.
- Bicycles pay nothing.
"""


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_lines_that_were_broken_at_a_width_are_one_paragraph(breaks):
    assert lines(WRAPPED.replace("\n", breaks)) == [
        SAID,
        f"{DENIED} She spoke after a meeting in Northford that went on until the morning.",
        "Cars pay four.",
        "Bicycles pay nothing.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{SAID}\n{DENIED}\n{SAID}\n{DENIED}",
        "Northford 3, Southford 1\nEastford 2, Westford 2\nUpford 0, Downford 4\n\n" + SAID,
        "The toll\nwill rise\nand we will pay\nfor the skies\nthat are grey",
        f"What it costs\n{SAID}\n\nWho pays\n{DENIED}",
    ],
    ids=["a paragraph a line", "results", "a poem", "subheads"],
)
def test_lines_that_are_paragraphs_stay(text):
    assert lines(text) == [line for line in text.split("\n") if line]


def test_breaks_that_were_escaped_twice_are_breaks():
    escaped = r"\n\n\u201cNo,\u201d said \"Ida\"."
    assert lines(SAID + escaped) == [SAID, '“No,” said "Ida".']
    assert lines("It is in C:\\new\\north.") == ["It is in C:\\new\\north."]


@pytest.mark.parametrize(
    "signed",
    [
        "— Ida Crewe (@idacrewe) March 10, 2026",
        "— Ida Crewe (@ida.bsky.social) March 10, 2026 at 9:30 AM",
        "A post shared by Ida Crewe (@idacrewe)",
        "Post by @ida@sea.example",
    ],
)
def test_a_post_belongs_to_the_account_that_signs_it(signed):
    post = "The toll is a disgrace and all of the town knows it."
    body = f"<p>{SAID}</p><blockquote><p>{post}</p>{signed}</blockquote><p>{DENIED}</p>"
    cleaned = clean(RawArticle(uri="u", body=body))
    kinds = {cleaned.text[block.start : block.end]: block.kind.value for block in cleaned.blocks}
    assert kinds == {SAID: "paragraph", post: "embedded_post", signed: "embedded_post", DENIED: "paragraph"}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("application/ld+json; charset=utf-8", str),
        ("application/ld+json", lambda text: text.replace("}", ",}")),
        ("application/ld+json", lambda text: text.replace('"', "&quot;")),
    ],
    ids=["charset", "comma", "escaped"],
)
def test_json_ld_is_read_though_it_is_not_quite_right(kind, change):
    described = {"@type": "NewsArticle", "headline": "Toll rises", "author": {"name": "Mia Stone"}}
    script = f'<script type="{kind}">{change(json.dumps(described))}</script>'
    text = "".join(f"<p>{text}</p>" for text in PAGE)
    page = f"<!DOCTYPE html><html><head>{script}</head><body><article>{text}</article></body></html>"
    assert clean(RawArticle(uri="u", body=page)).article.byline == "Mia Stone"


def test_three_points_of_windows_1252_are_points_in_a_line_and_a_break_in_a_plain_text():
    assert lines(f"<p>It rose\x85 {SAID}</p><p>{DENIED}</p>") == [f"It rose… {SAID}", DENIED]
    assert lines(f"{SAID}\x85{DENIED}") == [SAID, DENIED]


def test_a_page_that_has_its_text_for_machines_alone_keeps_its_paragraphs():
    described = {"@type": "NewsArticle", "headline": "Toll rises", "articleBody": "\n\n".join(PAGE)}
    script = f'<script type="application/ld+json">{json.dumps(described)}</script>'
    page = f"<!DOCTYPE html><html><head>{script}</head><body><div id='root'></div></body></html>"
    assert lines(page) == PAGE


@pytest.mark.parametrize(
    "wall",
    [
        "To continue reading, subscribe or log in.",
        "Subscribe now to read the full story.",
        "This article is for subscribers only.",
        "The rest of this story is available to our paying members.",
        "You’ve reached your limit of free articles this month.",
    ],
)
def test_a_text_that_ends_at_a_paywall_is_marked_as_cut_short(wall):
    cleaned = clean(RawArticle(uri="u", body=f"{SAID}\n\n{DENIED}\n\n{wall}\n\nAlready a subscriber? Log in"))
    assert cleaned.text == f"{SAID}\n\n{DENIED}"
    assert WarningKind.CUT_SHORT in [warning.kind for warning in cleaned.warnings]


@pytest.mark.parametrize(
    "line",
    [
        "You have 2 free articles left this month.",
        "We use cookies and similar technologies to improve your visit. By going on you agree to this.",
        "Accept all cookies",
        "10.42am GMT",
        "9:15",
        "25 minutes ago",
        "View this email in your browser",
        "Please enable JavaScript to view the comments.",
        "You must be logged in to post a comment.",
        "Thanks for signing up!",
        "Something went wrong. Please try again later.",
        "Do not sell or share my personal information",
        "Privacy policy | Terms of use | Contact us",
        "By continuing to browse you agree to our use of cookies.",
        "Get unlimited access for £1 a week. Subscribe today.",
        "Listen to this article (4 minutes)",
        "Skip advertisement",
        "Read more about ferries here",
        "— With reporting by Ben Ito in Southford",
        "Unsubscribe | Manage preferences | Privacy policy",
        "You’re receiving this newsletter because you signed up at courier.example.",
    ],
)
def test_counters_banners_and_times_of_entries_are_no_lines_of_an_article(line):
    assert lines(f"{SAID}\n\n{line}\n\n{DENIED}") == [SAID, DENIED]


@pytest.mark.parametrize(
    "bio",
    [
        "Mia Stone, a freelance writer in Northford, covers ports and ferries.",
        "About Mia Stone: Mia writes about ports.",
        "Mia Stone can be reached at mia@courier.example or on X @mia.",
    ],
)
def test_a_note_about_the_author_is_none_of_the_article(bio):
    assert lines(f"{SAID}\n\n{DENIED}\n\n{SAID}\n\n{bio}") == [SAID, DENIED, SAID]


@pytest.mark.parametrize(
    "line",
    [
        "Subscribers to the ferry’s timetable said they would continue to read it.",
        "This article is for sale, the dealer said of the anchor.",
        "We use cookies as bait, said Ida Crewe, who keeps crabs.",
        "To continue reading the gauge, Crewe climbed the pier.",
        "Something went wrong at the pier that night, and nobody called.",
        "You may cancel a ticket, the board told Crewe, who had two.",
        "Read more about the sea and you will fear it, Crewe said.",
        "Listen to this story of a pier: it burned twice.",
    ],
)
def test_prose_about_reading_and_cookies_stays(line):
    assert lines(f"{SAID}\n\n{line}\n\n{DENIED}") == [SAID, line, DENIED]


SUBRIP = """1
00:00:01,000 --> 00:00:04,000
The board said
the toll would rise.

2
00:00:05,000 --> 00:00:06,000
<i>It rose.</i>
"""
WEBVTT = """WEBVTT

NOTE by
hand

c1
00:01.000 --> 00:04.000 align:start
<v Jo>The board said
the toll would rise.

00:05.000 --> 00:06.000
It rose."""
TTML = """<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><head/><body><div>
<p begin="1s">The board said<br/>the toll would rise.</p><p begin="5s">It rose.</p></div></body></tt>"""


@pytest.mark.parametrize("body", [SUBRIP, WEBVTT, TTML], ids=["SubRip", "WebVTT", "TTML"])
def test_captions_are_what_is_said(body):
    assert clean(RawArticle(uri="u", body=body)).text == "The board said the toll would rise.\n\nIt rose."


def test_an_export_of_a_database_is_its_title_and_its_body():
    fields = ["The Gazette", "Section: NEWS; Pg. 3", "Length: 312 words", "Byline: Jo Lens", "Body"]
    lines = [
        "Toll rises",
        *fields,
        "The board said the toll would rise.",
        "It rose.",
        "Load-Date: March 4, 2026",
        "End of Document",
    ]
    kept = clean(RawArticle(uri="u", body="\n\n".join(lines))).text
    assert kept == "Toll rises\n\nThe board said the toll would rise.\n\nIt rose."


def test_a_wires_paragraphs_begin_with_blanks():
    body = (
        "   The harbour board said on Tuesday that the toll would rise and that\n"
        "drivers of lorries would pay more than the drivers of cars by summer.\n"
        "   Ida Crewe, its chair, denied that the ferry would close in the week\n"
        "before the harbour opens, and said that all of its boats would be used\n"
        "as long as the drivers wanted to go by them.\n"
    )
    first, second = clean(RawArticle(uri="u", body=body)).text.split("\n\n")
    assert first.endswith("cars by summer.")
    assert second.startswith("Ida Crewe")


def test_letters_that_print_joins_are_two():
    assert clean(RawArticle(uri="u", body="The of\ufb01ce con\ufb01rmed it.")).text == "The office confirmed it."


def test_the_marks_of_forums_are_no_text():
    body = "The board, in its [url=https://x.example/a]answer[/url], [b]denied[/b] it. The [sic] toll rose."
    assert clean(RawArticle(uri="u", body=body)).text == "The board, in its answer, denied it. The [sic] toll rose."
