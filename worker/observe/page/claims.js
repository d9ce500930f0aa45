// The latest claims: a bounded list, and the article of the chosen one with its spans marked.

import { ago, byId, count, element, percent, tip, write } from "./dom.js";
import { standsLink } from "./stands.js";

const SHOWN = 100; // rows that the list holds, however many have passed
const SEARCH_MS = 2000; // between two questions for what is new of a search
const FOLLOW_MS = 6000; // following, the article changes no more often than a person can read

const said = (claim) => claim.content.spans.map((span) => span.exact.replace(/\s+/g, " ")).join(" … ") || claim.content.text;

function speaker(claim) {
  const link = claim.attribution[claim.attribution.length - 1];
  if (!link) return claim.voice === "presupposed" ? "taken for granted" : "the article itself";
  return link.source.name || link.source.span?.exact || "nobody named";
}

const denied = (claim) => claim.attribution[claim.attribution.length - 1]?.negated;

function act(claim) {
  const words = [claim.act, denied(claim) ? "not said" : null, claim.status === "asserted" ? null : claim.status];
  return words.filter(Boolean).join(", ");
}

// The contract counts in code points; JavaScript's strings count in UTF-16 units.
function unitsOf(text) {
  const at = [0];
  let unit = 0;
  for (const character of text) {
    unit += character.length;
    at.push(unit);
  }
  return (point) => at[Math.min(Math.max(point, 0), at.length - 1)];
}

// [{start, end, kind, detail}] of one claim, in code points.
function marksOf(claim) {
  const found = claim.content.spans.map((span) => ({ ...span, kind: "content", detail: contentDetail(claim) }));
  for (const link of claim.attribution) {
    if (link.source.span) found.push({ ...link.source.span, kind: "source", detail: sourceDetail(link) });
    if (link.cue) found.push({ ...link.cue, kind: "cue", detail: `Cue: ${link.act}, ${link.quote_type} speech` });
  }
  return found;
}

function sourceDetail(link) {
  const { source } = link;
  const facts = [source.kind, source.role, source.affiliation, source.anonymous ? "anonymous" : null].filter(Boolean);
  return `Source: ${source.name ?? source.span.exact}${facts.length ? `\n${facts.join(", ")}` : ""}\nconfidence ${percent(link.confidence)}`;
}

function contentDetail(claim) {
  const lines = [`Content: ${claim.act}, ${claim.polarity}, ${claim.modality.certainty}`];
  for (const time of claim.times) lines.push(`time: ${time.span.exact} = ${time.timex}`);
  for (const amount of claim.quantities) lines.push(`quantity: ${amount.span.exact}`);
  if (claim.entities.length) lines.push(`about: ${claim.entities.map((entity) => entity.name).join(", ")}`);
  return lines.join("\n");
}

// Text cut at every edge of a span; a piece carries the innermost mark that covers it (source and cue over content).
function marked(text, marks) {
  const units = unitsOf(text);
  const order = { content: 0, source: 1, cue: 2 };
  const spans = marks.map((mark) => ({ ...mark, start: units(mark.start), end: units(mark.end) }));
  const edges = [...new Set([0, text.length, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
  const pieces = [];
  const reached = new Set();
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const [start, end] = [edges[index], edges[index + 1]];
    const over = spans.filter((span) => span.start <= start && end <= span.end);
    if (!over.length) {
      pieces.push(text.slice(start, end));
      continue;
    }
    const mark = over.reduce((inner, span) => (order[span.kind] >= order[inner.kind] ? span : inner));
    // one stop of the keyboard for each span, at its first piece
    const made = element("mark", { class: mark.kind, tabindex: reached.has(mark) ? null : "0" }, text.slice(start, end));
    made.setAttribute("aria-description", mark.detail.replaceAll("\n", "; "));
    reached.add(mark);
    tip(made, mark.detail);
    pieces.push(made);
  }
  return pieces;
}

export class Claims {
  constructor() {
    this.rows = []; // newest first: {number, at, article, claim}
    this.held = []; // what came while nobody follows
    this.texts = new Map();
    this.chosen = null;
    this.newest = 0; // the highest number that came
    this.query = ""; // what is searched for
    this.asked = 0; // how many searches there were: an answer to an earlier one is late
    this.following = true;
    this.followedAt = -Infinity;
    this.list = byId("claim-list");
    this.article = byId("article");
    byId("follow").addEventListener("click", () => this.follow(!this.following));
    byId("newer").addEventListener("click", () => {
      this.release();
      this.list.parentElement.scrollTop = 0;
      this.list.querySelector("button")?.focus();
    });
    this.list.addEventListener("keydown", (event) => this.move(event));
  }

  follow(on) {
    this.following = on;
    byId("follow").setAttribute("aria-pressed", String(on));
    if (on) {
      this.release();
      this.list.parentElement.scrollTop = 0;
      this.followedAt = -Infinity;
      this.chooseNewest();
    }
  }

  // New claims, oldest first; `seen`: how many the worker has had.
  add({ claims: all, seen }) {
    if (seen < this.newest) this.newest = 0; // the worker began anew
    const claims = all.filter((each) => each.number > this.newest);
    this.newest = seen;
    if (!claims.length) return;
    if (this.following) {
      this.insert(claims);
      this.chooseNewest();
      return;
    }
    this.held = [...this.held, ...claims].slice(-SHOWN);
    const newer = byId("newer");
    newer.textContent = `Show ${count(this.held.length)}${this.held.length === SHOWN ? " or more" : ""} new claims`;
    newer.hidden = false;
  }

  // Claims have come: while there is a search, those that it is for are asked for.
  news(news) {
    if (!this.query) this.add(news);
    else if (!this.later) {
      this.later = setTimeout(() => {
        this.later = null;
        this.more();
      }, SEARCH_MS);
    }
  }

  // Begins the list anew with what a query is for, "" for all.
  async search(query) {
    this.query = query;
    this.asked += 1;
    const asked = this.asked;
    const news = await this.answer(0);
    if (!news || asked !== this.asked) return;
    this.rows = this.held = [];
    this.newest = 0;
    this.chosen = null;
    this.followedAt = -Infinity;
    this.list.replaceChildren();
    this.article.replaceChildren();
    byId("newer").hidden = true;
    const followed = this.following;
    this.following = true; // what was searched for is shown at once
    this.add(news);
    this.following = followed;
    this.found(news.kept);
    if (!query) this.more();
  }

  // Claims of the search that came since.
  async more() {
    const asked = this.asked;
    const news = await this.answer(this.newest);
    if (!news || asked !== this.asked) return;
    this.add(news);
    this.found(news.kept);
  }

  async answer(after) {
    const most = this.query ? SHOWN : 60;
    const query = this.query ? `&${this.query}` : "";
    const answer = await fetch(`api/claims?after=${after}&most=${most}${query}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  found(kept) {
    const here = this.rows.length + this.held.length;
    const many = here >= SHOWN ? `${SHOWN} or more` : count(here);
    write("filter-found", this.query ? `${many} of the latest ${count(kept)}` : "");
    byId("claims-none").hidden = !this.query || here > 0;
    byId("claims-empty").hidden = Boolean(this.query) || here > 0;
  }

  release() {
    this.insert(this.held);
    this.held = [];
    byId("newer").hidden = true;
  }

  insert(claims) {
    if (!claims.length) return;
    byId("claims-empty").hidden = byId("claims-none").hidden = true;
    const few = claims.length < 6; // a list that moves as a whole needs no flash
    const made = claims.map((each) => this.row(each, few)).reverse();
    this.rows = [...claims].reverse().concat(this.rows).slice(0, SHOWN);
    this.list.prepend(...made);
    while (this.list.children.length > SHOWN) this.list.lastElementChild.remove();
    if (!this.list.querySelector('button[tabindex="0"]')) this.list.querySelector("button").tabIndex = 0;
  }

  row(each, flash) {
    const { claim } = each;
    const button = element(
      "button",
      { type: "button", tabindex: "-1", class: flash ? "new" : null, onclick: () => this.take(each.number) },
      element(
        "span",
        { class: "who" },
        element("b", {}, speaker(claim)),
        element("span", { class: denied(claim) ? "act not" : "act" }, act(claim)),
        element("time", { datetime: new Date(each.at * 1000).toISOString() }, "now"),
      ),
      element("span", { class: "said" }, said(claim)),
    );
    button.dataset.number = each.number;
    return element("li", {}, button, standsLink(claim.claim_id, "-1"));
  }

  move(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || !buttons[to]) return;
    event.preventDefault();
    buttons[to].focus();
    this.take(Number(buttons[to].dataset.number));
  }

  // Chosen by a person: the list holds still.
  take(number) {
    if (this.following) this.follow(false);
    this.choose(number);
    if (matchMedia("(max-width: 720px)").matches) this.article.scrollIntoView({ block: "start" });
  }

  chooseNewest() {
    const now = performance.now();
    if (!this.rows.length || now - this.followedAt < FOLLOW_MS) return;
    this.followedAt = now;
    // an attributed claim shows best what is marked
    const newest = this.rows.slice(0, 10).find((each) => each.claim.attribution[0]?.source.span) ?? this.rows[0];
    this.choose(newest.number);
  }

  async choose(number) {
    const each = this.rows.find((row) => row.number === number);
    if (!each || this.chosen === number) return;
    this.chosen = number;
    for (const button of this.list.querySelectorAll("button")) {
      const chosen = Number(button.dataset.number) === number;
      button.tabIndex = chosen ? 0 : -1;
      button.nextElementSibling.tabIndex = button.tabIndex;
      if (chosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const text = await this.text(each.article);
    if (this.chosen === number) this.show(each, text);
  }

  async text(article) {
    if (!this.texts.has(article)) {
      const answer = await fetch(`api/articles/${article.split("/").map(encodeURIComponent).join("/")}`).catch(() => null);
      this.texts.set(article, answer?.ok ? (await answer.json()).text : null);
      if (this.texts.size > 50) this.texts.delete(this.texts.keys().next().value);
    }
    return this.texts.get(article);
  }

  show({ claim, article }, text) {
    const about = claim.article;
    const facts = [
      element("span", {}, claim.act),
      denied(claim) ? element("span", { class: "no" }, "not said") : null,
      claim.polarity === "negative" ? element("span", { class: "no" }, "negative") : null,
      element("span", {}, claim.modality.certainty),
      element("span", {}, claim.voice),
      element("span", {}, `confidence ${percent(claim.confidence)}`),
      claim.check_worthiness === null ? null : element("span", {}, `check-worthy ${percent(claim.check_worthiness)}`),
      claim.status === "asserted" ? null : element("span", { class: "no" }, claim.status),
    ];
    let shown = text;
    let marks = marksOf(claim);
    const kicker = [about.publisher, about.published_at?.slice(0, 10), article.replace(/\/(\d+)\/(\d+)$/, "[$1] @ $2")];
    // without the text there are still the words around each span
    const body = element("div", { class: "body" });
    if (shown === null) {
      body.append(...claim.content.spans.flatMap((span) => [span.prefix ?? "", element("mark", { class: "content" }, span.exact), `${span.suffix ?? ""}\n`]));
    } else {
      // the headline stands above the text already
      const headline = about.headline && shown.startsWith(about.headline) ? [...about.headline].length : 0;
      if (headline && !marks.some((mark) => mark.start < headline)) {
        shown = shown.slice(about.headline.length).replace(/^\s+/, "");
        const cut = [...text].length - [...shown].length;
        marks = marks.map((mark) => ({ ...mark, start: mark.start - cut, end: mark.end - cut }));
      }
      body.append(...marked(shown, marks));
    }
    this.article.replaceChildren(
      element("p", { class: "kicker" }, kicker.filter(Boolean).join(" · ")),
      element("h3", {}, about.headline ?? about.uri),
      element("div", { class: "facts" }, ...facts, standsLink(claim.claim_id)),
      body,
    );
    const first = body.querySelector("mark");
    // an inner scroll, so that the page itself does not move while somebody reads elsewhere
    if (first) this.article.scrollTop = Math.max(first.offsetTop - this.article.offsetTop - 140, 0);
  }

  age(now) {
    for (const button of this.list.querySelectorAll("button")) {
      const time = button.querySelector("time");
      const text = ago(Date.parse(time.dateTime) / 1000, now);
      if (time.textContent !== text) time.textContent = text;
    }
  }
}
