// Makes elements, and writes numbers and times as people read them. Text of articles only ever becomes text nodes.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function write(id, text) {
  const place = byId(id);
  if (place.textContent !== text) place.textContent = text;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = (value) => whole.format(value);

// What was not measured.
export const NONE = "–";

export function rate(value) {
  if (value === null || value === undefined) return NONE;
  if (value >= 100) return whole.format(value);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value === 0 ? 0 : 2);
}

export function seconds(value) {
  if (value === null || value === undefined) return NONE;
  if (!value) return "0 s";
  if (value < 0.0009995) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 0.9995) return `${(value * 1000).toFixed(value < 0.00995 ? 1 : 0)} ms`;
  if (value < 99.5) return `${value.toFixed(value < 9.95 ? 1 : 0)} s`;
  if (value < 5400) return `${(value / 60).toFixed(0)} min`;
  return value < 172800 ? `${(value / 3600).toFixed(1)} h` : `${(value / 86400).toFixed(0)} days`;
}

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(unit && value < 100 ? 1 : 0)} ${units[unit]}`;
}

export function ago(at, now) {
  const passed = Math.max(now - at, 0);
  if (passed < 1.5) return "now";
  if (passed < 60) return `${passed.toFixed(0)} s ago`;
  return passed < 5400 ? `${(passed / 60).toFixed(0)} min ago` : `${(passed / 3600).toFixed(0)} h ago`;
}

export const percent = (share) => `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;

export function table(headings, rows) {
  const head = element("tr", {}, ...headings.map(([text, kind]) => element("th", { class: kind, scope: "col" }, text)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

export function meter(share) {
  const inner = element("span");
  inner.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  return element("span", { class: "meter", "aria-hidden": "true" }, inner);
}

export const row = (cells, attributes = {}) =>
  element("tr", attributes, ...cells.map(([content, kind]) => element("td", { class: kind }, content)));

export function tip(target, text) {
  const box = byId("tip");
  const show = () => {
    box.textContent = text;
    box.hidden = false;
    const place = target.getClientRects()[0] ?? target.getBoundingClientRect();
    const width = box.offsetWidth;
    box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
    const above = place.top - box.offsetHeight - 6;
    box.style.top = `${above > 4 ? above : place.bottom + 6}px`;
  };
  const hide = () => (box.hidden = true);
  target.addEventListener("pointerenter", show);
  target.addEventListener("pointerleave", hide);
  target.addEventListener("focus", show);
  target.addEventListener("blur", hide);
  target.addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
