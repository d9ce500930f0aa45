// What fact-checkers found: who, with which words, since when, about which wording, and how sure it is that it is this claim.

import { element, meter, percent } from "./dom.js";
import { named, time } from "./told.js";

function verdict(each) {
  const score = each.score === null ? null : element("span", { class: "score", title: `${percent(each.score)} of the way from the worst to the best of the scale` }, meter(each.score), element("span", { class: "quiet" }, percent(each.score)));
  return element(
    "li",
    {},
    element("div", { class: "who" }, element("b", {}, each.author), element("span", { class: "rating" }, each.rating ?? ""), score),
    element("p", { class: "text" }, each.claimant ? `${each.claimant}: ` : "", each.claim),
    element("p", { class: "where quiet" }, time(each.published_at), " · ", named(each.url, "the review"), ` · ${percent(each.confidence)} sure that it is about this claim`),
  );
}

export const verdicts = (all) => all.map(verdict);
