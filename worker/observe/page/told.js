// A claim of a cluster as a card: who said it when, in which words, in which article, why it stands on its side.

import { count, element, percent } from "./dom.js";

const ACTS = { reports: null, supports: "supports it", disputes: "disputes it", tension: "pulls against it", revisions: "goes back on it" };

const when = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

// An instant as people read it, in UTC. What is no instant stays as it is.
export function time(iso) {
  if (!iso) return element("span", { class: "quiet" }, "without a date");
  const at = new Date(iso);
  return element("time", { datetime: iso, title: iso }, Number.isNaN(at.getTime()) ? iso : `${when.format(at)} UTC`);
}

// Only addresses of the web become links: a uri is what a publisher sent, and may be anything.
export function named(uri, words) {
  if (!/^https?:\/\//i.test(uri)) return element("span", {}, words);
  return element("a", { href: uri, rel: "noopener noreferrer nofollow", target: "_blank" }, words);
}

const article = (claim) => named(claim.uri, claim.headline || claim.uri);

// Another source is no clash: that is what makes it support, or a dispute.
function word(each) {
  if (each.aspect === "source") return each.agrees ? "the same: " : "another: ";
  return each.agrees ? "agrees: " : "clashes: ";
}

function reason(each) {
  return element(
    "li",
    { class: each.agrees || each.aspect === "source" ? "agrees" : "clashes" },
    element("b", {}, each.aspect),
    element("span", {}, word(each), each.a === each.b ? each.a : `${each.a} ↔ ${each.b}`),
  );
}

function why(claim, texts) {
  const { relation } = claim;
  if (!relation) return null;
  return element(
    "details",
    { class: "why" },
    element("summary", {}, `Why it ${ACTS[claim.side]}`, element("span", { class: "quiet" }, ` · ${relation.relation}, ${percent(relation.confidence)} sure`)),
    element("p", { class: "quiet" }, "Compared with: ", texts.get(relation.to) ?? "a claim of the cluster"),
    element("ul", {}, ...relation.reasons.map(reason)),
  );
}

function printed(claim) {
  return element("li", {}, element("span", {}, claim.publisher ?? ""), article(claim), time(claim.published_at));
}

function folded(copies) {
  if (!copies.length) return null;
  const noun = copies.length === 1 ? "copy" : "copies";
  return element(
    "details",
    { class: "copies" },
    element("summary", {}, `${count(copies.length)} ${noun} of this text`),
    element("ul", {}, ...copies.map(printed)),
  );
}

// `copies`: the claims that are folded under it. `texts`: of the claims by id.
export function told(claim, copies, texts) {
  const pills = [
    element("span", { class: "act" }, claim.act),
    claim.negated ? element("span", { class: "act not" }, "not said") : null,
    claim.polarity === "negative" ? element("span", { class: "act not" }, "negative") : null,
    claim.certainty === "certain" ? null : element("span", { class: "act" }, claim.certainty),
  ];
  const source = [claim.source || "nobody named", claim.role && !claim.source.includes(claim.role) ? `, ${claim.role}` : ""].join("");
  const written = claim.written && claim.written !== claim.text ? element("blockquote", {}, claim.written) : null;
  return element(
    "li",
    { class: "told", id: `claim-${claim.claim_id}` },
    element("div", { class: "who" }, element("b", {}, source), ...pills.filter(Boolean)),
    element("p", { class: "text" }, claim.text),
    written,
    element("p", { class: "where quiet" }, time(claim.published_at), claim.publisher ? ` · ${claim.publisher} · ` : " · ", article(claim)),
    why(claim, texts),
    folded(copies),
  );
}
