// The tables: time, stages, lag, outcomes, costs, dead letters, replays.

import { ago, byId, bytes, count, element, meter, percent, row, seconds, table, write } from "./dom.js";

const PARTITIONS = 16;
const PARTS = [
  ["work", "articles are in the pool"],
  ["publish", "waiting for the broker's answer"],
  ["wait", "intake is paused"],
  ["poll", "nothing to do"],
];

const nothing = (...text) => element("div", { class: "empty" }, element("p", {}, ...text));

export function showLoop(loop, upFor) {
  write("loop-title", `Each second of the worker, ${upFor < 60 ? "since its start" : "over the last minute"}`);
  const all = Object.values(loop).reduce((sum, share) => sum + share, 0) || 1;
  const stack = element("div", { class: "stack", role: "img" });
  stack.setAttribute("aria-label", PARTS.map(([part]) => `${part} ${percent(loop[part] / all)}`).join(", "));
  const keys = element("div", { class: "keys" });
  for (const [part, meaning] of PARTS) {
    const bar = element("span", { class: `part-${part}` });
    bar.style.width = `${(loop[part] / all) * 100}%`;
    stack.append(bar);
    keys.append(
      element("span", { title: meaning }, element("i", { class: `part-${part}` }), `${part} `, element("b", {}, percent(loop[part] / all))),
    );
  }
  byId("loop").replaceChildren(stack, keys);
}

export function showStages(stages, pool) {
  const busy = stages.filter((each) => each.count > 0);
  const place = byId("stages");
  if (busy.length) {
    const all = busy.reduce((sum, each) => sum + each.share, 0) || 1;
    place.replaceChildren(
      table(
        [["Stage"], ["Share"], ["mean", "number"], ["p95", "number"]],
        busy.map((each) =>
          row([[each.stage, "name"], [meter(each.share / all)], [seconds(each.mean), "number"], [seconds(each.p95), "number"]]),
        ),
      ),
    );
  } else place.replaceChildren(nothing("No article in the last five minutes."));
  const memory = pool.memory_bytes ? `, ${bytes(pool.memory_bytes)}` : "";
  byId("pool").textContent =
    `${count(pool.processes)} extraction processes, ${percent(pool.busy)} busy${memory}, ${count(pool.restarts)} replaced`;
}

export function showLag(lags) {
  const place = byId("lag-table");
  if (!lags.length) {
    place.replaceChildren(nothing("No partition is assigned to this worker yet. ", element("code", {}, "claimwire lag"), " shows all of the group."));
    return;
  }
  const worst = [...lags].sort((a, b) => b.records - a.records || b.seconds - a.seconds).slice(0, PARTITIONS);
  const shown = lags.length > PARTITIONS ? worst : lags;
  const most = Math.max(...shown.map((lag) => lag.records), 1);
  place.replaceChildren(
    table(
      [["Partition"], ["Waiting"], ["records", "number"], ["oldest", "number"]],
      shown.map((lag) =>
        row([
          [`${lag.topic}[${lag.partition}]`, "name"],
          [meter(lag.records / most)],
          [lag.end === null ? "?" : count(lag.records), "number"],
          [lag.records || lag.seconds ? seconds(lag.seconds) : "–", "number"],
        ]),
      ),
    ),
  );
  if (lags.length > shown.length) {
    place.append(element("p", { class: "quiet more" }, `The ${PARTITIONS} furthest behind of ${count(lags.length)} partitions.`));
  }
}

export function showOutcomes(outcomes, inFlight) {
  const place = byId("outcomes");
  const all = {};
  for (const each of outcomes) all[each.agent] = (all[each.agent] ?? 0) + each.count;
  if (!outcomes.length) place.replaceChildren(nothing("No record has come to its end yet."));
  else {
    const agents = Object.keys(all).length > 1;
    place.replaceChildren(
      table(
        [["Outcome"], ["Share"], ["records", "number"]],
        [...outcomes]
          .sort((a, b) => a.agent.localeCompare(b.agent) || b.count - a.count)
          .map((each) =>
            row(
              [
                [`${agents ? `${each.agent}: ` : ""}${each.outcome}${each.reason ? `, ${each.reason}` : ""}`, each.outcome === "dead" ? "name alarm" : "name"],
                [meter(each.count / all[each.agent])],
                [count(each.count), "number"],
              ],
            ),
          ),
      ),
    );
  }
  const share = inFlight.limit_bytes ? inFlight.bytes / inFlight.limit_bytes : 0;
  place.append(
    element("p", { class: "quiet foot" }, `${count(inFlight.records)} in flight, ${bytes(inFlight.bytes)} (${percent(share)} of the bound)`),
  );
}

export function showCostliest(costs, by) {
  const figure = {
    seconds: (cost) => seconds(cost.seconds),
    bytes: (cost) => bytes(cost.bytes),
    dead: (cost) => count(cost.dead),
    warnings: (cost) => count(cost.warnings),
  }[by];
  const heads = { seconds: "CPU", bytes: "read", dead: "letters", warnings: "warnings" };
  const most = Math.max(...costs.map((cost) => cost[by]), 1e-9);
  byId("costliest").replaceChildren(
    costs.length
      ? table(
          [["Publisher"], ["Cost"], [heads[by], "number"], ["records", "number"]],
          costs.map((cost) => row([[cost.publisher, "name"], [meter(cost[by] / most)], [figure(cost), "number"], [count(cost.records), "number"]])),
        )
      : nothing({ dead: "No dead letters.", warnings: "No warnings." }[by] ?? "Nothing was read yet."),
  );
}

export function addDead(letters) {
  const list = byId("dead-list");
  for (const dead of letters) {
    byId("dead-empty").hidden = true;
    const place = `${dead.topic}[${dead.partition}] @ ${dead.offset}`;
    const fact = (name, ...value) => [element("dt", {}, name), element("dd", {}, ...value)];
    list.prepend(
      element(
        "li",
        {},
        element(
          "details",
          {},
          element(
            "summary",
            {},
            element("span", { class: "reason" }, dead.reason),
            element("span", { class: "error" }, dead.error),
            element("time", { datetime: new Date(dead.at * 1000).toISOString() }, "now"),
          ),
          element(
            "dl",
            {},
            ...fact("Record", place, dead.key ? `, key ${dead.key}` : ", no key"),
            ...fact("Publisher", dead.publisher),
            ...fact("Given up by", dead.agent),
            ...fact("Size", bytes(dead.size)),
            ...(dead.beginning ? fact("Begins with", element("pre", { tabindex: "0" }, dead.beginning)) : []),
          ),
        ),
      ),
    );
  }
  while (list.children.length > 100) list.lastElementChild.remove();
}

export function ageDead(now) {
  for (const time of byId("dead-list").querySelectorAll("time")) time.textContent = ago(Date.parse(time.dateTime) / 1000, now);
}

export function showReplays(replays) {
  const place = byId("replay-list");
  if (!replays.length) {
    place.replaceChildren(
      nothing("None. A replay processes topic data again and shows what changed: ", element("code", {}, "claimwire replay --help")),
    );
    return;
  }
  place.replaceChildren(
    ...replays.slice(0, 8).map((replay) => {
      // how much there is in an archive is known at its end only
      const known = replay.total ? { max: String(replay.total), value: String(replay.done) } : {};
      const bar = element("progress", known);
      bar.setAttribute("aria-label", `Replay ${replay.name}`);
      const left = replay.remaining_s === null || replay.remaining_s === undefined ? "" : `, ${seconds(replay.remaining_s)} left`;
      return element(
        "div",
        { class: "replay" },
        element("div", { class: "line" }, element("b", {}, replay.name), element("span", { class: "quiet" }, replay.state)),
        bar,
        element("div", { class: "quiet" }, `${count(replay.done)}${replay.total ? ` of ${count(replay.total)}` : ""} records, ${count(replay.claims)} claims, ${count(replay.errors)} errors${left}`),
      );
    }),
  );
}
