// A small line chart in SVG: one series, gridlines, times below, the value under the pointer.

import { element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 116;
const LEFT = 44;
const BOTTOM = 18;
const TOP = 6;

function svg(tag, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

// The next of 1, 2, 2.5, 5, 10, ... so that gridlines have round numbers.
function roundUp(value) {
  const magnitude = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 2.5, 5, 10].map((step) => step * magnitude).find((step) => step >= value * 0.999);
}

const clock = (at, withSeconds) =>
  new Date(at * 1000).toLocaleTimeString("en-GB", withSeconds ? {} : { hour: "2-digit", minute: "2-digit" });

export class Chart {
  constructor(title, kind, format) {
    this.format = format;
    this.title = title;
    this.now = element("b");
    this.note = element("span", { class: "quiet" });
    this.drawing = svg("svg", { role: "img" });
    this.element = element(
      "div",
      { class: `chart ${kind}` },
      element("div", { class: "caption" }, element("span", {}, title, " ", this.note), this.now),
      this.drawing,
    );
    this.drawing.addEventListener("pointermove", (event) => this.point(event));
    this.drawing.addEventListener("pointerleave", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.element);
    this.at = [];
    this.values = [];
  }

  // A value that is null was not measured: the line has a gap there. `note`: what the values are taken over.
  show(at, values, note = "") {
    this.at = at;
    this.values = values;
    if (this.note.textContent !== note) this.note.textContent = note;
    if (!this.pointed) this.draw();
  }

  x(at) {
    const last = this.at[this.at.length - 1];
    return LEFT + ((at - this.at[0]) / Math.max(last - this.at[0], 1)) * (this.width - LEFT - 2);
  }

  y(value) {
    return TOP + (1 - value / this.top) * (HEIGHT - BOTTOM - TOP);
  }

  draw() {
    this.pointed = false;
    this.width = this.drawing.clientWidth || 600;
    this.drawing.replaceChildren();
    const { at, values } = this;
    const latest = values.length ? values[values.length - 1] : null;
    this.now.textContent = this.format(latest);
    const measured = values.filter((value) => value !== null);
    if (measured.length < 2) {
      this.drawing.setAttribute("aria-label", `${this.title}: nothing was measured yet`);
      this.drawing.append(svg("text", { x: LEFT, y: HEIGHT / 2 }, "The first seconds are being counted."));
      return;
    }
    const most = Math.max(...measured);
    this.top = roundUp(Math.max(most, 1e-3)) || 1;
    if (most === 0) this.top = 1;
    this.drawing.setAttribute("aria-label", `${this.title}: ${this.format(latest)} now, at most ${this.format(most)}`);
    for (const share of [0, 0.5, 1]) {
      const y = this.y(this.top * share);
      this.drawing.append(svg("line", { class: "grid", x1: LEFT, x2: this.width, y1: y, y2: y }));
      this.drawing.append(
        svg("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, this.format(this.top * share)),
      );
    }
    this.times();
    const base = this.y(0);
    for (const piece of this.pieces()) {
      const points = piece.map((index) => `${this.x(at[index]).toFixed(1)},${this.y(values[index]).toFixed(1)}`);
      const [from, to] = [piece[0], piece[piece.length - 1]].map((index) => this.x(at[index]).toFixed(1));
      this.drawing.append(
        svg("path", { class: "area", d: `M${from},${base}L${points.join("L")}L${to},${base}Z` }),
        svg("path", { class: "line", d: `M${points.join("L")}` }),
      );
    }
  }

  // The indexes of values between two gaps, for each piece of the line.
  pieces() {
    const pieces = [];
    this.values.forEach((value, index) => {
      if (value === null) return;
      if (index === 0 || this.values[index - 1] === null) pieces.push([]);
      pieces[pieces.length - 1].push(index);
    });
    return pieces;
  }

  times() {
    const first = this.at[0];
    const last = this.at[this.at.length - 1];
    const span = last - first;
    const step = [10, 30, 60, 300, 600, 900, 1800].find((each) => span / each <= Math.max(this.width / 120, 2)) ?? 1800;
    for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
      const x = this.x(at);
      if (x < LEFT + 20 || x > this.width - 20) continue;
      this.drawing.append(svg("text", { x, y: HEIGHT - 3, "text-anchor": "middle" }, clock(at, step < 60)));
    }
  }

  point(event) {
    if (this.at.length < 2) return;
    const x = event.clientX - this.drawing.getBoundingClientRect().left;
    let nearest = 0;
    for (let index = 0; index < this.at.length; index += 1) {
      if (Math.abs(this.x(this.at[index]) - x) < Math.abs(this.x(this.at[nearest]) - x)) nearest = index;
    }
    this.draw();
    this.pointed = true;
    const there = this.x(this.at[nearest]);
    this.drawing.append(svg("line", { class: "cross", x1: there, x2: there, y1: TOP, y2: HEIGHT - BOTTOM }));
    this.now.textContent = `${this.format(this.values[nearest])} at ${clock(this.at[nearest], true)}`;
  }
}
