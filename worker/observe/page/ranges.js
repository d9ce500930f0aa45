// Numbers that claims state of one thing, one line each on a common scale: a dot for a number, a bar for a range.

import { element } from "./dom.js";

const LOG_FROM = 50; // times the smallest number: further apart, small ones could not be told from each other
const ROOM = 0.06; // of the scale, before the smallest and behind the largest number
const MOST = 40;

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

export const WORDS = { reports: "says so", supports: "supports it", disputes: "disputes it", tension: "pulls against it", revisions: "goes back on it" };

// From a number to its share of the width.
function scaleOf(numbers) {
  const ends = numbers.flatMap((each) => [each.min, each.max]).filter((end) => end !== null);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const log = low > 0 && high / low >= LOG_FROM;
  const of = log ? Math.log : (value) => value;
  const span = of(high) - of(low);
  const at = (value) => (span > 0 ? ROOM + ((of(value) - of(low)) / span) * (1 - 2 * ROOM) : 0.5);
  return { low, high, log, at };
}

function bar(each, scale) {
  const from = each.min === null ? 0 : scale.at(each.min);
  const to = each.max === null ? 1 : scale.at(each.max);
  const kinds = ["mark", each.side, each.min === null ? "open-left" : "", each.max === null ? "open-right" : ""];
  const made = element("span", { class: [...kinds, each.approximate ? "about" : "", from === to ? "dot" : ""].filter(Boolean).join(" ") });
  made.style.left = `${from * 100}%`;
  made.style.width = `${(to - from) * 100}%`;
  return element("span", { class: "track", "aria-hidden": "true" }, made);
}

// `sources`: who says it, by the id of the claim.
export function plot({ unit, numbers }, sources) {
  const shown = numbers.slice(0, MOST);
  const scale = scaleOf(shown);
  const rows = shown.map((each) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, element("a", { href: `#claim-${each.claim_id}` }, sources.get(each.claim_id) ?? "")),
      element("td", { class: "side-word" }, element("i", { class: each.side, "aria-hidden": "true" }), WORDS[each.side]),
      element("td", { class: "exact" }, each.exact),
      element("td", { class: "line" }, bar(each, scale)),
    ),
  );
  const unitShown = unit || "without a unit";
  const ends = scale.low === scale.high ? [scale.low] : [scale.low, scale.high];
  const axis = element("span", { class: "axis" }, ...ends.map((end) => element("span", {}, number.format(end))));
  const notes = [scale.log ? "logarithmic scale" : null, numbers.length > MOST ? `the first ${MOST} of ${numbers.length}` : null].filter(Boolean);
  return element(
    "table",
    { class: "ranges" },
    element("caption", {}, unitShown, notes.length ? element("span", { class: "quiet" }, ` · ${notes.join(", ")}`) : null),
    element("tbody", {}, ...rows),
    element("tfoot", {}, element("tr", {}, element("td", { colspan: "3" }), element("td", { class: "line" }, axis))),
  );
}
