// One cluster: its claims side by side, the numbers on one scale. Everything comes from this worker.

import { byId, count, element, write } from "./dom.js";
import { plot } from "./ranges.js";
import { time, told } from "./told.js";
import { verdicts } from "./verdicts.js";

const AGAIN_MS = 10000;
const STALE_MS = 180000; // a file that is older is that of a worker which does not link now
const SIDES = [
  ["reports", "Says so", "The claim, as its source was reported"],
  ["supports", "Supports it", "Other sources that say the same"],
  ["disputes", "Disputes it", "Both cannot be true"],
  ["tension", "Pulls against it", "Both may be true, or neither is a fact yet"],
  ["revisions", "Goes back on it", "The same source, later"],
];

let id = new URLSearchParams(location.search).get("id") ?? "";
let shown = null; // the view, and its JSON
let next = null;

async function ask(wanted) {
  const answer = await fetch(`api/clusters/${encodeURIComponent(wanted)}`).catch(() => null);
  if (!answer) return { error: "The worker does not answer. This page tries again." };
  const text = await answer.text();
  if (answer.ok) return { text, view: JSON.parse(text) };
  let error = `The worker answers ${answer.status}.`;
  try {
    error = JSON.parse(text).error ?? error;
  } catch {
    // a proxy's page
  }
  return { error, gone: answer.status === 404 };
}

function trouble(text) {
  write("trouble", text);
  byId("trouble").hidden = !text;
}

function counts(standing) {
  const side = (name, each) => [
    element("dt", {}, name),
    element(
      "dd",
      {},
      element("b", {}, count(each.sources)),
      each.sources === 1 ? " source" : " sources",
      element("span", { class: "quiet" }, `, ${count(each.publishers)} ${each.publishers === 1 ? "publisher" : "publishers"}`),
      element("span", { class: "names" }, each.names.slice(0, 6).join(", "), each.names.length > 6 ? ", …" : ""),
    ),
  ];
  const sides = [
    ["Assert it", standing.asserts],
    ["Deny it", standing.denies],
    ["In tension", standing.tension],
  ];
  return sides.filter(([name, each]) => each.sources || name !== "In tension").map(([name, each]) => element("div", {}, ...side(name, each)));
}

function column([side, title, meaning], view, texts) {
  const claims = view.claims.filter((claim) => claim.side === side);
  if (!claims.length) return null;
  const cards = claims
    .filter((claim) => !claim.copy_of)
    .map((claim) => told(claim, claims.filter((copy) => copy.copy_of === claim.claim_id), texts));
  return element(
    "section",
    { class: `card side-of ${side}`, "aria-labelledby": `side-${side}` },
    element("h2", { id: `side-${side}` }, title, " ", element("span", { class: "quiet" }, count(cards.length))),
    element("p", { class: "quiet" }, meaning),
    element("ol", {}, ...cards),
  );
}

function show({ text, view }) {
  shown = { text, view };
  next = null;
  byId("changed").hidden = true;
  const { standing } = view;
  id = standing.cluster_id;
  history.replaceState(null, "", `${location.pathname}?id=${encodeURIComponent(id)}${location.hash}`);
  document.title = `${standing.text.slice(0, 80)} · Claimwire`;
  write("source", standing.source ?? "");
  write("text", standing.text);
  byId("counts").replaceChildren(...counts(standing));
  const many = standing.reports.evidence.length;
  byId("told").replaceChildren(
    `Reported ${count(many)} ${many === 1 ? "time" : "times"}, first `,
    time(standing.first_published_at),
    ", last ",
    time(standing.last_published_at),
    view.left_out ? `. ${count(view.left_out)} more claims are not shown, and not counted here: claims.standing has all of them.` : ".",
  );
  byId("standing").hidden = false;

  const texts = new Map(view.claims.map((claim) => [claim.claim_id, claim.text]));
  const sources = new Map(view.claims.map((claim) => [claim.claim_id, claim.source]));
  byId("verdicts").hidden = !standing.verdicts.length;
  byId("verdict-list").replaceChildren(...verdicts(standing.verdicts));
  byId("numbers").hidden = !view.plots.length;
  byId("plots").replaceChildren(...view.plots.map((each) => plot(each, sources)));
  byId("sides").replaceChildren(...SIDES.map((each) => column(each, view, texts)).filter(Boolean));

  const stale = Date.now() - view.as_of_ms > STALE_MS;
  byId("foot").replaceChildren(
    `Cluster ${id}, as of `,
    time(new Date(view.as_of_ms).toISOString()),
    stale ? ": this worker does not follow the claims now; the one that links, or a standby, knows more" : "",
  );
  byId("json").href = `api/clusters/${encodeURIComponent(id)}`;
}

// The cluster as it is now. When an earlier claim has joined it has another id: one of its claims leads there.
async function now() {
  const found = await ask(id);
  if (!found.gone || !shown) return found;
  for (const member of shown.view.standing.members.slice(0, 5)) {
    const moved = await ask(member);
    if (moved.view) return moved;
  }
  return { error: "Nothing of this stands any more: its claims were retracted, or are too old to count. What it was is below." };
}

const differs = (a, b) => JSON.stringify({ ...a, as_of_ms: 0 }) !== JSON.stringify({ ...b, as_of_ms: 0 });

// What a person reads is not exchanged under their eyes: a change is announced, and shown when they ask for it.
async function look() {
  if (document.hidden && shown) return;
  const found = await now();
  trouble(found.error ?? "");
  if (!found.view) return;
  if (!shown) show(found);
  else if (differs(found.view, shown.view)) {
    next = found;
    byId("changed").hidden = false;
  }
}

byId("changed").querySelector("button").addEventListener("click", () => {
  if (next) show(next);
  byId("text").scrollIntoView({ block: "center" });
});

async function begin() {
  await look();
  if (shown && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  setInterval(look, AGAIN_MS);
}

begin();
