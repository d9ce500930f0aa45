// Joins the worker's events to the page. Everything comes from this worker; nothing is asked of any other address.

import { Chart } from "./chart.js";
import { Claims } from "./claims.js";
import { Filter } from "./filter.js";
import { askWhereTheyStand } from "./stands.js";
import { NONE, byId, bytes, count, element, rate, seconds, write } from "./dom.js";
import { addDead, ageDead, showCostliest, showLag, showLoop, showOutcomes, showReplays, showStages } from "./tables.js";

const claims = new Claims();
const filter = new Filter((query) => claims.search(query));
const charts = {
  articles: new Chart("Articles a second", "", rate),
  claims: new Chart("Claims a second", "", rate),
  lag: new Chart("Oldest record waiting", "lag", seconds),
};
byId("charts").append(...Object.values(charts).map((chart) => chart.element));

let state = null;
let span = "minutes";
let cost = "seconds";
let clockDifference = 0; // the worker's clock less this one's
let seen = { claims: 0, dead: 0 };

// Null where one of them is not known.
const sum = (values) => (values.includes(null) ? null : values.reduce((all, value) => all + value, 0));

const now = () => Date.now() / 1000 + clockDifference;

function pill(id, word, verdict) {
  const place = byId(id);
  place.dataset.state = verdict.ok ? "yes" : "no";
  place.lastElementChild.textContent = verdict.ok ? word : `Not ${word.toLowerCase()}`;
  place.title = verdict.reason;
}

// Calm: what passes by itself, as the loading at a start.
function trouble(text, calm = false) {
  const place = byId("trouble");
  place.classList.toggle("calm", calm);
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

function show(next) {
  state = next;
  clockDifference = state.at - Date.now() / 1000;
  const { worker, totals, rates } = state;
  write("worker", [worker.app_id, worker.host, worker.pipeline ? `pipeline ${worker.pipeline}` : null].filter(Boolean).join(" · "));
  pill("live", "Live", state.live);
  pill("ready", "Ready", state.ready);
  const bad = [state.live, state.ready].find((verdict) => !verdict.ok);
  const starting = bad === state.ready && bad.checks.some((check) => check.name === "assigned" && !check.ok);
  const hurdles = state.paused.filter((why) => why !== "budget"); // memory full for a moment is ordinary work
  trouble(bad?.reason ?? (hurdles.length ? `Intake is paused: ${hurdles.join(", ")}` : ""), starting && state.at - worker.started_at < 120);

  const articles = sum([rates.ok, rates.dropped, rates.retried, rates.dead]);
  write("rate-articles", rate(articles));
  write("rate-claims", rate(rates.claims));
  for (const name of ["articles", "claims"]) write(`${name}-over`, seconds(state.rates_over_s));
  for (const name of ["read", "ok", "dropped", "claims"]) write(`total-${name}`, count(totals[name]));
  write("total-dead", count(totals.dead_all_agents));
  byId("tile-dead").classList.toggle("alarm", rates.dead > 0);
  const latency = state.end_to_end.find((each) => each.agent === "ingest");
  write("latency", latency?.count ? seconds(latency.p95) : NONE);
  write("latency-half", latency?.count ? seconds(latency.p50) : NONE);
  const behind = state.lag.reduce((sum, lag) => sum + lag.records, 0);
  const oldest = Math.max(0, ...state.lag.map((lag) => lag.seconds));
  write("lag-seconds", !state.lag.length ? NONE : behind || oldest ? seconds(oldest) : "none");
  write("lag-records", count(behind));
  write("lag-partitions", count(state.lag.length));

  showLoop(state.loop, state.at - worker.started_at);
  showStages(state.stages, state.pool);
  showLag(state.lag);
  showOutcomes(state.outcomes, state.in_flight);
  showCostliest(state.costliest[cost], cost);
  showReplays(state.replays);
  claims.age(now());
  ageDead(now());
  write("foot", `Claimwire ${worker.version} beside ${worker.brokers}, up for ${seconds(state.at - worker.started_at)}, ${bytes(totals.read_bytes)} read`);
  document.title = state.ready.ok ? `${articles === null ? "Ready" : `${rate(articles)}/s`} · Claimwire` : "Not ready · Claimwire";
}

function dead(letters) {
  addDead(letters);
  const last = letters[letters.length - 1];
  if (last) byId("dead-last").replaceChildren("last: ", element("b", {}, last.reason));
}

async function history() {
  const answer = await fetch(`api/history?span=${span}`).catch(() => null);
  if (!answer?.ok) return;
  const series = await answer.json();
  const { at, ok, dropped, retried, dead, claims, lag_seconds: lag, window_s: window } = series;
  const articles = (ok ?? []).map((_, index) => sum([ok, dropped, retried, dead].map((outcome) => outcome[index])));
  charts.articles.show(at, articles, `mean of ${seconds(window)}`);
  charts.claims.show(at, claims ?? [], `mean of ${seconds(window)}`);
  charts.lag.show(at, lag ?? []);
}

function toggles(attribute, use) {
  const buttons = [...document.querySelectorAll(`button[data-${attribute}]`)];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      use(button.dataset[attribute]);
    });
  }
}

toggles("span", (chosen) => {
  span = chosen;
  history();
});
toggles("cost", (chosen) => {
  cost = chosen;
  if (state) showCostliest(state.costliest[cost], cost);
});

let ticks = 0;

function connect() {
  const events = new EventSource(`api/events?claims=${seen.claims}&dead=${seen.dead}`);
  events.addEventListener("state", (event) => {
    show(JSON.parse(event.data));
    // hidden pages draw nothing; the hour moves every ten seconds
    if (!document.hidden && ticks % (span === "hour" ? 10 : 2) === 0) history();
    if (!document.hidden && state.worker.links && ticks % 5 === 0) askWhereTheyStand();
    ticks += 1;
  });
  events.addEventListener("claims", (event) => {
    const news = JSON.parse(event.data);
    seen.claims = news.seen;
    claims.news(news);
  });
  events.addEventListener("dead", (event) => {
    const news = JSON.parse(event.data);
    seen.dead = news.seen;
    dead(news.dead);
  });
  events.addEventListener("error", () => {
    // the browser would ask again with the old numbers
    events.close();
    trouble("The worker does not answer, or too many pages listen to it. This page goes on as soon as it does.");
    for (const id of ["live", "ready"]) byId(id).dataset.state = "unknown";
    setTimeout(connect, 1500);
  });
}

async function begin() {
  await claims.search(filter.query);
  seen.claims = claims.newest;
  connect();
}

begin();
