// Links from claims to the page of their cluster. Which claims have one is asked now and then, since linking comes after a claim.

import { element } from "./dom.js";

const MOST = 200; // ids in one question

let clusters = {};

const address = (cluster) => `cluster?id=${encodeURIComponent(cluster)}`;

function show(link) {
  const cluster = clusters[link.dataset.claim];
  link.hidden = !cluster;
  if (cluster) link.href = address(cluster);
}

// A link that shows once the claim is known to be linked with another.
export function standsLink(claim, tabindex = null) {
  const link = element("a", { class: "stands", tabindex }, "Where it stands");
  link.dataset.claim = claim;
  show(link);
  return link;
}

export async function askWhereTheyStand() {
  const links = [...document.querySelectorAll("a.stands")];
  const claims = [...new Set(links.map((link) => link.dataset.claim))].slice(0, MOST);
  if (!claims.length) return;
  const answer = await fetch(`api/clusters?claims=${claims.join(",")}`).catch(() => null);
  clusters = answer?.ok ? (await answer.json()).clusters : {};
  for (const link of document.querySelectorAll("a.stands")) show(link);
}
