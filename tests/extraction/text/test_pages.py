"""What is taken of a body: nothing of the article lost, nothing of the page kept, each line with its kind."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from worker.contract.article import RawArticle, WarningKind
from worker.extraction.text.clean import clean

SAFE = "The mayor said on Monday that the bridge is safe."
DENIED = "She denied that it was late."
ENGINEERS = "Engineers told the council that the works would end in May."
LONG = [
    f"In part {number} of its report the council says that the bridge over the river stays closed until the works that "
    "it has ordered are done."
    for number in range(15)
]


def taken(body, **fields):
    return clean(RawArticle(uri="https://gazette.example/bridge", body=body, **fields))


def lines(body, **fields):
    cleaned = taken(body, **fields)
    return [(block.kind.value, cleaned.text[block.start : block.end]) for block in cleaned.blocks]


def page(article, head="<title>The Gazette</title>"):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{article}</body></html>"


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="story"><div class="text">{paragraphs([SAFE, DENIED, ENGINEERS])}</div></div>',
        f"<p>{SAFE}<p>{DENIED}<p>{ENGINEERS}",
        f"{SAFE}<br><br>{DENIED}<br><br>{ENGINEERS}",
        f"<div>{SAFE}<br/><br/>{DENIED}<br /> <br />{ENGINEERS}</div>",
        f"<p>{SAFE}<br>&nbsp;<br>{DENIED}<br><br>{ENGINEERS}</p>",
        f"{SAFE}<br>{DENIED}<br>{ENGINEERS}",
        f"<![CDATA[{paragraphs([SAFE, DENIED, ENGINEERS])}]]>",
        paragraphs([SAFE, DENIED, ENGINEERS]).replace("<", "&lt;").replace(">", "&gt;"),
        paragraphs([SAFE, DENIED, ENGINEERS]).replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
        f"{SAFE}\n\n{DENIED}\r\n{ENGINEERS}",
    ],
    ids=["containers", "unclosed", "breaks", "in div", "in p", "single breaks", "CDATA", "escaped", "twice", "text"],
)
def test_a_fragment_keeps_all_its_paragraphs(body):
    assert lines(body) == [("paragraph", SAFE), ("paragraph", DENIED), ("paragraph", ENGINEERS)]


def test_one_paragraph_is_an_article():
    assert taken(f"<p>{SAFE}</p>").text == SAFE


@pytest.mark.parametrize(
    "first",
    [
        "Engineers said the page used a <span> tag.",
        "Doctors found a small effect (n=40, effect <p 0.05).",
        "He wrote <br> tags, she said.",
    ],
)
def test_a_text_that_names_a_tag_stays_a_text(first):
    assert lines(f"{first}\n\n{SAFE}") == [("paragraph", first), ("paragraph", SAFE)]


def test_entities_in_a_text_are_characters():
    body = "The mayor said &quot;it is safe&quot; &amp; denied delay.\n\n&ldquo;We&#8217;re early,&rdquo; said AT&T."
    assert taken(body).text == 'The mayor said "it is safe" & denied delay.\n\n“We’re early,” said AT&T.'


def test_the_kind_of_each_line_of_html_is_kept():
    body = (
        f"<p>{SAFE}</p><h2>What comes next</h2><blockquote><p>We are <a href='/x'>early</a>.</p></blockquote>"
        "<ul><li>One lane opens.</li><li>Two stay closed.</li></ul><figure><img>"
        f"<figcaption>The bridge on Monday.</figcaption></figure>"
        f"<table><tr><td>Lane</td><td>1</td></tr></table><p>{DENIED}</p>"
    )
    assert lines(body) == [
        ("paragraph", SAFE),
        ("subhead", "What comes next"),
        ("quote", "We are early."),
        ("list_item", "One lane opens."),
        ("list_item", "Two stay closed."),
        ("caption", "The bridge on Monday."),
        ("table", "Lane | 1"),
        ("paragraph", DENIED),
    ]


def test_the_blocks_are_the_lines_of_the_text():
    cleaned = taken(f"<h1>Bridge closed</h1><p>{SAFE}</p>", headline="Bridge closed")
    assert (
        [cleaned.text[b.start : b.end] for b in cleaned.blocks] == cleaned.text.split("\n\n") == ["Bridge closed", SAFE]
    )


def test_markdown_is_read_as_what_it_means():
    link = "[Ann Quill](https://a.example/q)"
    body = f"# Bridge closed\n\n{link} said the **bridge** is safe.\n\n> {DENIED}\n\n- One lane opens."
    assert lines(body) == [
        ("headline", "Bridge closed"),
        ("paragraph", "Ann Quill said the bridge is safe."),
        ("quote", DENIED),
        ("list_item", "One lane opens."),
    ]


@pytest.mark.parametrize(
    "article",
    [
        "<article>"
        + "".join(
            f'<div class="grid"><div><div class="article__content">{paragraphs(LONG[i : i + 3])}</div></div></div>'
            for i in range(0, 15, 3)
        )
        + "</article>",
        "".join(
            f'<div class="grid"><div class="body art__body"><div class="in">{paragraphs(LONG[i : i + 5])}</div></div>'
            '</div><div class="ad"></div>'
            for i in range(0, 15, 5)
        ),
    ],
    ids=["three a container", "five a container"],
)
def test_paragraphs_in_several_containers_are_all_kept_in_their_order(article):
    assert [text for kind, text in lines(page(article)) if kind == "paragraph"] == LONG


def test_two_equal_answers_of_an_interview_are_two():
    questions = [
        "Did you know of the plan for the bridge at all, and when?",
        "And did you ever speak with the engineers about it?",
    ]
    body = page("<article>" + paragraphs([questions[0], "“No.”", questions[1], "“No.”"]) + "</article>")
    assert [text for _, text in lines(body)].count("“No.”") == 2


def test_what_is_shown_over_a_linked_name_is_no_part_of_its_sentence():
    body = (
        "<p>Mayor <span><a>Ann Quill</a><span><span>Ann Mary Quill</span><span><a>Mayor rejects toll</a> ... MORE"
        "</span></span></span> said the bridge is safe.</p>"
    )
    assert taken(body).text == "Mayor Ann Quill said the bridge is safe."


def test_the_content_behind_a_link_that_skips_to_it_stays():
    body = page(
        f'<a href="#main">Skip to content</a><div id="main"><span><a href="/">Home</a></span><article>'
        f"{paragraphs(LONG[:4])}</article></div>"
    )
    assert [text for kind, text in lines(body) if kind == "paragraph"] == LONG[:4]


def test_a_text_that_is_a_part_of_what_the_page_itself_gives_is_marked():
    towns = ["Northford", "Southham", "Eastley", "Westbury", "Midton"]
    texts = [" ".join(f"{town} has {n} bridges." for n in range(2, 40)) for town in towns]
    described = {"@type": "NewsArticle", "headline": "Bridge", "articleBody": " ".join(texts)}
    head = f'<script type="application/ld+json">{json.dumps(described)}</script>'
    cut = taken(page(f"<article><p>{texts[0]}</p></article>", head))
    assert cut.share < 0.3
    assert WarningKind.CUT_SHORT in [warning.kind for warning in cut.warnings]
    whole = taken(page(f"<article>{paragraphs(texts)}</article>", head))
    assert whole.share == 1
    assert WarningKind.CUT_SHORT not in [warning.kind for warning in whole.warnings]


# --- furniture


@pytest.mark.parametrize(
    "line",
    [
        "Article content",
        "Recommended Videos",
        "Trending",
        "End of Article",
        "Updated",
        "Caption",
        "Close",
        "Image 1 of 8",
        "Back to Gallery",
        "Popular",
        "Explore further",
        "READ NEXT: Mayor rejects toll plan",
        "ALSO READ: Toll to rise",
        "MORE: Ten bridges to see",
        "Related: Toll to rise",
        "Also on gazette.example Ten bridges",
        "CLICK HERE TO GET THE APP",
        "Get the latest news from the city in your inbox.",
        "Advertisement 1Story continues below",
        "This copy is for your personal use only",
        "Our Standards: The Trust Principles",
        "With files from Al Moss",
        "Reporting by Jo Lens; Editing by Al Moss",
        "Al Moss contributed to this report.",
        "Photo: Al Moss, The Gazette",
        "Copyright © 2026 The Gazette",
        "Sign up for our newsletter",
        "Share this on Facebook",
        "12 comments",
        "5 min read",
        "If you value our reporting, please donate today.",
        "We may earn a commission if you buy through links here.",
        "The Gazette may earn a commission on orders that are placed through this page.",
        "All products are chosen by our editors. Buying through us may earn us a small affiliate commission.",
        "Al Moss and Bo Hart contributed reporting from Northford.",
        "—Gazette writer Al Moss in Northford contributed to this story.",
        "Lens reported from Northford and Hart from Eastley. Gazette writer Al Moss contributed to this report.",
        "An error has occurred. Please reload the page.",
        "Sorry, something went wrong. Please try again.",
        "This is a breaking news story, more updates soon.",
        "More to follow...",
        "We would like to hear from you: do you use the bridge? Tell us why.",
        "Ten bridges that were never opened [VIDEO]",
        "Order Reprints",
        "Print Article",
        "Write to Jo Lens at jo.lens@gazette.example",
        "jo.lens@gazette.example",
        "twitter.com/jolens",
        "https://gazette.example/2026/bridge.html",
        "(Reporting by Jo Lens, with reporting by Al Moss, editing by Bo Hart.)",
        "[Related: Council rejects the toll plan]",
        "Listen to the city hour live at 12:45 - or listen back here.",
        "Follow the Gazette's opinion section on Facebook, Twitter (@gazette) and Instagram.",
        "Reach the reporters on Twitter at twitter.com/jolens and twitter.com/almoss",
        "Most read in city news",
        "Popular on the Gazette",
        "Tell us what YOU think...",
        "Join our commenting forum",
        "Additional reporting from PA",
        "With reports from the Gazette and the Map",
        "Do you have a story to tell? Email: jo@gazette.example",
        "Have you been on the bridge? Get in touch at desk@gazette.example",
        "For more stories like this, check our news page.",
        "For the latest news from across the north, sign up for our newsletters .",
        "Check out more of the Gazette’s city stories by signing up to our free weekly newsletter",
        "Get daily City news",
        "Today’s news: Follow live updates from the council.",
        "The desk: Sign up for our weekly politics newsletter to get it in your inbox every Monday.",
        "More on bridges: https://gazette.example/bridges and https://gazette.example/roads",
        "Follow our full coverage of the bridge at https://gazette.example/bridge",
        "You can view our June open thread here.",
        "Find out more on how to help the towns.",
        (
            "Our website is your destination for the latest news, so bookmark our homepage and sign up for our "
            "newsletters."
        ),
        (
            "The Gazette is committed to publishing a diversity of letters to the editor. We’d like to hear what you "
            "think about this. Here are some tips."
        ),
        (
            "Follow @gazettedeals on Twitter to keep up with the latest deals. Prices are subject to change without "
            "notice and coupons may expire at any time."
        ),
        "Stay informed with the Gazette. Get in-depth reporting for only 8 a month. Subscribe today.",
        "Bridges: A History, by Ann Quill, is out now (Northern Press, £25)",
        'Al Moss\'s book about bridges, "Over There" (Northern Press, 2018), is out now. Follow him on Twitter.',
        "___",
        "This copy is for your personal use alone. To order more, ask the desk for reprints." + " Our terms hold." * 10,
    ],
)
def test_a_line_of_the_page_is_no_line_of_the_article(line):
    assert taken(f"{SAFE}\n\n{line}\n\n{DENIED}").text == f"{SAFE}\n\n{DENIED}"


@pytest.mark.parametrize(
    "line",
    [
        "More than ten bridges were closed in March.",
        "Share prices fell by a tenth on Monday.",
        "Popular with walkers, the bridge will open first.",
        "Photo: the police said the picture was forged.",
        "Reporting by the council was late, the mayor said.",
        "Support for the toll has grown since the vote.",
        "Related charges were dropped in May, a court heard.",
        "Updated plans for the bridge are due in May.",
        "“Sign up today,” the mayor told volunteers.",
        "Follow the money, she said.",
        "Close to ten roads stay shut.",
        "Heavy rain contributed to the damage, engineers said.",
        "Agents may earn a commission of three percent under the law.",
        "Ten reporters contributed to the prize fund, which the mayor doubled.",
        "The council’s breaking story was a leak.",
        "“We want to hear from voters,” the mayor said.",
        "An error has cost the town ten million.",
        "About Northford he said nothing.",
        "The council is committed to publishing the plans, and the mayor wants to hear what people think.",
        "Follow-up works on the bridge will start in June.",
        "Print articles of the time show the old bridge.",
        "Get daily exercise, and sleep well.",
        "The record is out now, and it is their best.",
        "Write to them at your own risk, the lawyer said.",
        "From left-wing councillors there was applause.",
        "A picture released by the council showed the old bridge in the snow.",
        "Order returned to the town after midnight.",
        "Have you been there? It is a question that the mayor hears each day.",
    ],
)
def test_prose_that_begins_like_a_button_stays(line):
    assert ("paragraph", line) in lines(f"{SAFE}\n\n{line}\n\n{DENIED}")


@pytest.mark.parametrize(
    "bio",
    [
        "A veteran journalist, Jo Lens has covered towns for years. He’s a former editor of the Map.",
        "Jo Lens is a senior reporter for The Gazette.\n\nHe can be reached at jo@gazette.example.",
        "Jo Lens covers the council for The Gazette. Follow him on Twitter.",
        "About the author\n\nJo Lens is an editor at The Gazette.",
        "A ten-year veteran of the desk and prize-winning reporter, Jo has covered the council since it met.",
        "Jo Lens makes regular appearances on local radio.",
        "A veteran reporter, Jo Lens has covered towns since “the net” meant fish.",
        "About Bridge Works\n\nBridge Works is based in Northford and employs 300 people.",
    ],
)
def test_the_note_about_the_author_at_the_end_is_no_part_of_the_article(bio):
    assert taken(f"{SAFE}\n\n{DENIED}\n\n{bio}").text == f"{SAFE}\n\n{DENIED}"


def test_people_of_the_article_who_write_are_no_note_about_its_author():
    last = "“The editor is wrong,” said Al Moss, a reporter for the Map."
    assert taken(f"{SAFE}\n\n{DENIED}\n\n{last}").text.endswith(last)


def test_a_byline_is_no_line_of_the_text_where_it_is_known_and_marked_where_it_is_not():
    body = f"By Jo Lens\n\n{SAFE}\n\n{DENIED}"
    assert lines(body, headline="Bridge", byline="Jo Lens")[1] == ("paragraph", SAFE)
    assert lines(body, headline="Bridge")[1] == ("byline", "By Jo Lens")


def test_subheads_of_a_text_are_marked_and_posts_belong_together():
    body = (
        f"{SAFE}\n\nSchools closed in Northford\n\n{DENIED}\n\nThis policy will make us rich.\n\n"
        f"— The White Palace (@WhitePalace) February 11, 2025\n\n{ENGINEERS}"
    )
    assert [kind for kind, _ in lines(body)] == [
        "paragraph",
        "subhead",
        "paragraph",
        "embedded_post",
        "embedded_post",
        "paragraph",
    ]


def test_a_headline_that_is_printed_twice_in_a_line_is_taken_once():
    title = "Lawyers argue that their client is above the law"
    cleaned = taken(f"{title} {title}\n\n{SAFE}\n\n{DENIED}")
    assert (cleaned.headline, cleaned.text) == (title, f"{title}\n\n{SAFE}\n\n{DENIED}")


# --- what stands beside the article in the structure of a page


def _kept(article):
    """The lines below the headline of a page with an article among other paragraphs."""
    return [text for kind, text in lines(page(f"<article>{article}</article>")) if kind != "headline"]


OTHER = "Council rejects the toll plan for the old bridge"
"""The headline of another article."""


@pytest.mark.parametrize(
    "beside",
    [
        f'<a href="/toll"><div><img src="t.jpg"><h3>{OTHER}</h3><p>It voted late on Monday evening.</p></div></a>',
        f'<ul><li><a href="/toll">{OTHER}</a></li><li><a href="/x">Ten bridges that were never opened</a></li></ul>',
        f'<ul><li><a href="/toll">{OTHER}</a></li></ul>',
        f'<p><strong><a href="/toll">{OTHER.upper()}</a></strong></p>',
        '<p><a href="/toll">The council rejected the plan for a toll late on Monday, after long debate.</a></p>',
        '<p><span class="photo-caption">The mayor speaks at the bridge.</span></p>',
        '<div class="center"><img src="b.jpg"><br><span>There are six lanes on the bridge</span></div>',
        f"<h4>{OTHER}</h4>",
    ],
    ids=["card", "list", "one in a list", "capitals", "sentence", "caption", "picture", "heading without text"],
)
def test_what_stands_beside_the_article_is_no_line_of_it(beside):
    assert _kept(paragraphs(LONG[:6]) + beside + (paragraphs(LONG[6:]) if "<h4>" not in beside else "")) == (
        LONG if "<h4>" not in beside else LONG[:6]
    )


@pytest.mark.parametrize(
    "inside",
    [
        '<h3><a href="/a">A wall charger of the bridge works</a></h3>',
        '<p>He quotes <a href="/a">a long report on the bridges of all the northern towns</a>.</p>',
        '<ul><li>One lane opens <a href="/a">in May</a>.</li><li>Two lanes stay closed until June.</li></ul>',
        '<p><img class="emoji" src="x.png"> The mayor wrote that the bridge is safe for everybody.</p>',
    ],
    ids=["linked heading", "link in a sentence", "list", "picture in a line"],
)
def test_links_and_pictures_inside_of_the_text_take_nothing_away(inside):
    words = html_text(inside)
    assert words in " ".join(_kept(paragraphs(LONG[:6]) + inside + paragraphs(LONG[6:])))


def html_text(markup):
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?a\b[^>]*>", "", markup)).split())


def test_a_table_that_lays_out_the_page_is_no_table_of_the_article():
    body = page(
        f'<table><tr><td width="20%"><a href="/">Home</a></td><td><h1>Bridge closed</h1>{paragraphs(LONG)}'
        "<table><tr><td>Lane</td><td>1</td></tr><tr><td>Bridge</td><td>2</td></tr></table></td></tr></table>"
    )
    found = lines(body)
    assert [text for kind, text in found if kind == "paragraph"] == LONG
    assert ("table", "Lane | 1") in found


def test_what_is_shown_over_a_linked_name_may_be_long():
    shown = "".join(f'<a href="/{n}">Council rejects toll plan number {n} after a long debate</a> ' for n in range(15))
    body = (
        "<p>Mayor <span><a>Ann Quill</a><span><span><img><a>Ann Mary Quill</a>"
        f"{shown} ... MORE</span></span></span> said the bridge is safe.</p>"
    )
    assert taken(body).text == "Mayor Ann Quill said the bridge is safe."


@pytest.mark.parametrize(
    "line",
    [
        "Pictured right is Ann Quill, mayor of Northford, with engineers of the council.",
        "From left, Ann Quill, Bo Hart and Al Moss at the bridge.",
        "Ann Quill opens the bridge. (Photo by Al Moss/The Gazette)",
        "The bridge from above. (credit: Al Moss)",
    ],
)
def test_a_line_that_tells_what_a_picture_shows_is_a_caption(line):
    assert lines(f"{SAFE}\n\n{line}\n\n{DENIED}")[1] == ("caption", line)


PROSE = (
    "<p>The harbour board closed the east gate on Monday after a crane fell into the basin, and it said that no ship "
    "would enter before the divers had looked at the wall. Two crews stayed on board.</p>"
)
BOX = "<h3>{}</h3><ul><li>The east gate is closed.</li><li>Divers look at the wall.</li></ul>"


@pytest.mark.parametrize("heading", ["Summary", "Key points:", "In short", "TL;DR", "AI-generated summary"])
def test_a_list_that_sums_up_the_article_says_nothing_besides_it(heading):
    text = taken(f"<article>{BOX.format(heading)}{PROSE * 2}</article>").text
    assert "Divers look" not in text
    assert heading not in text
    assert text.count("The harbour board closed") == 2


@pytest.mark.parametrize(
    "body",
    [
        BOX.format("Summary") + "<p>More follows.</p>",  # the list is what there is to read
        BOX.format("What the board ordered") + PROSE * 2,
        BOX.format("Key findings") + PROSE * 2,
        "<h3>Summary</h3>" + PROSE * 2 + "<ul><li>The east gate is closed.</li><li>Divers look at the wall.</li></ul>",
    ],
)
def test_other_lists_stay(body):
    assert "Divers look at the wall." in taken(f"<article>{body}</article>").text


def test_what_a_press_release_says_of_its_sender_is_no_part_of_it():
    note = (
        "Bridgeworks is a global provider of steel bridges. Its vision is to span every river.\n\n"
        "Bridgeworks is headquartered in Northford (Northland) and employs 300 people in ten countries."
    )
    quote = "“We are glad,” said Al Moss, who leads Bridgeworks."
    assert taken(f"{SAFE}\n\n{quote}\n\n{note}", headline="Bridgeworks to build bridge").text.endswith(quote)
    assert "employs 300" in taken(f"{SAFE}\n\n{DENIED}\n\n{note}", headline="Council to build bridge").text
    background = "Bridgeworks is the largest company of Northford and was founded in 1950."
    assert taken(f"{SAFE}\n\n{quote}\n\n{background}").text.endswith(background)


# --- what the page says

HEAD = """<title>Bridge closed until May - The Gazette</title>
<meta property="og:title" content="Bridge closed until May | The Gazette">
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2026-03-04T21:30:00-05:00">
<meta property="article:modified_time" content="2026-03-05T08:00:00Z"><meta property="article:section" content="City">
<link rel="canonical" href="https://gazette.example/2026/bridge"><meta name="author" content="Jo Lens">"""
ARTICLE = f"<article><h1>Bridge closed until May</h1>{paragraphs([SAFE, DENIED, ENGINEERS, *LONG[:3]])}</article>"


def test_a_page_gives_its_headline_instant_publisher_byline_section_and_address():
    cleaned = taken(page(ARTICLE, HEAD))
    about = cleaned.article
    assert cleaned.headline == "Bridge closed until May"
    assert about.published_at == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
    assert about.updated_at == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
    assert (about.publisher, about.byline, about.section) == ("The Gazette", "Jo Lens", "City")
    assert cleaned.address == "https://gazette.example/2026/bridge"
    assert cleaned.origins["published_at"] == "meta article:published_time"
    assert cleaned.origins["byline"] == "meta author"
    assert cleaned.text.count("Bridge closed until May") == 1


def test_what_the_record_says_wins_over_its_page():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    cleaned = taken(page(ARTICLE, HEAD), headline="My headline", published_at=at, publisher="Mine", byline="Al Moss")
    about = cleaned.article
    assert (cleaned.headline, about.published_at, about.publisher, about.byline) == (
        "My headline",
        at,
        "Mine",
        "Al Moss",
    )
    assert "published_at" not in cleaned.origins


def test_json_ld_is_read_first_and_of_several_articles_the_one_of_the_page():
    described = [
        {
            "@type": "NewsArticle",
            "headline": "Another story",
            "datePublished": "2020-01-01T00:00:00Z",
            "author": "Al Moss",
        },
        {
            "@type": "NewsArticle",
            "headline": "Bridge closed until May",
            "datePublished": "2026-03-04T20:00:00+00:00",
            "author": [{"@type": "Person", "name": "Ann Quill"}, {"name": "Bo Hart"}],
        },
    ]
    cleaned = taken(page(ARTICLE, f'{HEAD}<script type="application/ld+json">{json.dumps(described)}</script>'))
    assert cleaned.article.byline == "Ann Quill, Bo Hart"
    assert cleaned.article.published_at == datetime(2026, 3, 4, 20, tzinfo=UTC)
    assert cleaned.origins["published_at"] == "json-ld datePublished"


def test_code_in_a_paragraph_that_is_put_back_is_no_text_of_the_article():
    code = '<script>!function(d){"use strict";d.receiveEmbedMessage=function(e){return e.data.secret}}(window)</script>'
    article = "".join(
        f'<div class="grid"><div><div class="article__content">{paragraphs(LONG[i : i + 3])}</div></div></div>'
        for i in range(0, 15, 3)
    )
    cleaned = taken(page(f"<article>{article}</article>".replace("are done.</p>", f"are done.{code}</p>")))
    assert cleaned.text.count("are done.") == 15
    assert "function" not in cleaned.text


def _headlined(og, **described):
    described = json.dumps({"@type": "NewsArticle", **described})
    head = f'<meta property="og:title" content="{og}"><script type="application/ld+json">{described}</script>'
    return taken(page("<h1>News</h1>" + paragraphs(LONG[:4]), head)).headline


def test_of_two_headlines_in_json_ld_the_one_is_taken_that_og_title_says_too():
    search, readers = "Bridge news: all you need to know", "The bridge stays closed until May, the council says"
    assert _headlined("Another title", headline=search, alternativeHeadline=readers) == search
    assert _headlined(readers, headline=search, alternativeHeadline=readers) == readers
    assert _headlined(readers, headline=search, name=readers[:40] + "...") == readers
    assert _headlined(readers, headline=search, name="The Gazette") == search


def _with_titles(window, headings, **described):
    node = json.dumps({"@type": "NewsArticle", **described})
    head = f'<title>{window}</title><meta property="og:title" content="{window}">'
    body = "".join(f"<h1>{heading}</h1>" for heading in headings) + paragraphs(LONG[:4])
    return taken(page(body, f'{head}<script type="application/ld+json">{node}</script>'))


def test_two_titles_of_json_ld_that_agree_go_before_the_one_that_og_title_says():
    headline, shared = "The bridge stays closed until May, the council says", "Bridge news: all you need to know today"
    cleaned = _with_titles(shared, [headline], headline=headline, name=headline, alternativeHeadline=shared)
    assert cleaned.headline == headline


def test_a_headline_that_was_reworded_since_json_ld_was_written_is_taken_as_readers_see_it():
    first, now = "Ten bridges in Northford shut until May", "Nine bridges in Northford shut until June"
    cleaned = _with_titles(now, ["The Gazette", now], headline=first)
    assert (cleaned.headline, cleaned.origins["headline"]) == (now, "h1")
    live = "Works on the river: as it happened"
    assert _with_titles(live, [live], headline=first).headline == first, "another title is not another wording"
    assert _with_titles(now, ["The Gazette"], headline=first).headline == first, "readers do not see it"


def test_an_instant_with_a_zone_is_taken_before_one_without():
    head = HEAD + '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-03-04"}</script>'
    assert taken(page(ARTICLE, head)).article.published_at == datetime(2026, 3, 5, 2, 30, tzinfo=UTC)


def test_the_pages_time_and_byline_elements_are_read_where_it_has_nothing_for_machines():
    body = page(
        '<article><h1>Bridge closed until May</h1><p class="byline">By Jo Lens</p>'
        f'<time datetime="2026-03-04T09:00:00Z">today</time>'
        f"{paragraphs([SAFE, DENIED, ENGINEERS])}</article>"
    )
    cleaned = taken(body)
    assert cleaned.article.published_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert cleaned.article.byline == "Jo Lens"
    assert (cleaned.origins["published_at"], cleaned.origins["byline"]) == ("time", "author element")


def test_an_article_without_a_date_says_so():
    assert WarningKind.NO_DATE in [warning.kind for warning in taken(SAFE).warnings]
    assert not taken(SAFE, published_at=datetime(2026, 3, 4, tzinfo=UTC)).warnings
