// The form above the latest claims: which of them are asked for. It is kept in the page's address, so that a link leads to the same.

import { byId } from "./dom.js";

const FIELDS = ["source", "entity", "act", "words"];
const WAIT_MS = 300; // after the last key, so that not every letter is a question

export class Filter {
  // `use` is called with the query for api/claims, empty for all.
  constructor(use) {
    this.use = use;
    this.form = byId("filter");
    const asked = new URLSearchParams(location.search);
    for (const name of FIELDS) this.form.elements[name].value = asked.get(name) ?? "";
    this.query = this.read();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.change();
    });
    this.form.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.change(), WAIT_MS);
    });
    this.form.addEventListener("change", () => this.change());
    this.form.addEventListener("reset", () => setTimeout(() => this.change())); // the fields are empty only afterwards
  }

  read() {
    const given = FIELDS.map((name) => [name, this.form.elements[name].value.trim()]).filter(([, value]) => value);
    return new URLSearchParams(given).toString();
  }

  change() {
    clearTimeout(this.waiting);
    const query = this.read();
    if (query === this.query) return;
    this.query = query;
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    this.use(query);
  }
}
