// The shell and the lists: everything here makes a page that works without it more comfortable.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const text = (name) => document.body.dataset[name] || "";
  const each = (selector, act, within) => (within || document).querySelectorAll(selector).forEach(act);

  // Menus that open over the page close on Escape and on a click elsewhere.
  const POPS = "details.fp-region, details.fp-user, details.fp-more";
  document.addEventListener("click", (event) => {
    each(POPS + "[open]", (pop) => { if (!pop.contains(event.target)) pop.open = false; });
    const close = event.target.closest("[data-close]");
    if (close) close.parentElement.remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    each(POPS + "[open]", (pop) => {
      const inside = pop.contains(document.activeElement);
      pop.open = false;
      if (inside) pop.querySelector("summary").focus();
    });
  });
  document.addEventListener("toggle", (event) => {
    const fold = event.target;
    if (fold.open && fold.matches("details.fp-region")) {
      const field = fold.querySelector("input[type=search]");
      if (field && matchMedia("(min-width: 48.0625rem)").matches) field.focus();
    }
    if (fold.dataset && fold.dataset.remember) {
      document.cookie = fold.dataset.remember + "=" + (fold.open ? 1 : 0) + ";path=/;max-age=31536000;samesite=lax";
    }
  }, true);

  // Region tree by keyboard: arrows walk, right opens, left closes or goes up.
  document.addEventListener("keydown", (event) => {
    const here = event.target.closest && event.target.closest("[data-tree] button, [data-tree] summary");
    if (!here) return;
    const item = here.closest("li");
    const branch = item.querySelector(":scope > details");
    const nodes = [...here.closest("[data-tree]").querySelectorAll(".fp-node")].filter((n) => n.offsetParent);
    const at = nodes.indexOf(item.querySelector(":scope > .fp-node"));
    let next = null;
    if (event.key === "ArrowDown") next = nodes[at + 1];
    else if (event.key === "ArrowUp") next = nodes[at - 1];
    else if (event.key === "ArrowRight" && branch && !branch.open) { branch.open = true; next = here; }
    else if (event.key === "ArrowRight" && branch) next = branch.querySelector(".fp-node");
    else if (event.key === "ArrowLeft" && branch && branch.open) { branch.open = false; next = nodes[at]; }
    else if (event.key === "ArrowLeft") {
      const above = item.parentElement.closest("li");
      next = above && above.querySelector(":scope > .fp-node");
    } else return;
    event.preventDefault();
    if (next) next.focus();
  });

  // Type to find a place. Nothing is asked while an input method is composing.
  class Picker {
    constructor(field) {
      this.field = field;
      this.list = document.getElementById(field.getAttribute("aria-controls"));
      this.box = field.parentElement;
      this.status = this.box.querySelector("[data-picker-status]");
      this.timer = 0;
      this.asked = 0;
      field.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
      field.addEventListener("compositionend", () => this.later());
      field.addEventListener("keydown", (event) => this.key(event));
      field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
      this.list.addEventListener("pointerdown", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) { event.preventDefault(); this.choose(option); }
      });
    }
    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 180);
    }
    async find() {
      const words = this.field.value.trim();
      if (!words) { this.close(); return; }
      const turn = ++this.asked;
      const request = { headers: { "HX-Request": "true" }, credentials: "same-origin" };
      let url = this.field.dataset.picker + "?q=" + encodeURIComponent(words);
      if ("pickerPost" in this.field.dataset) { // words that must not stand in an address: names
        url = this.field.dataset.picker;
        request.method = "POST";
        request.body = new URLSearchParams({ q: words, csrfmiddlewaretoken: this.field.form.elements.csrfmiddlewaretoken.value });
      }
      try {
        const answer = await fetch(url, request);
        if (!answer.ok || turn !== this.asked) return;
        const parsed = new DOMParser().parseFromString("<ul>" + (await answer.text()) + "</ul>", "text/html");
        this.list.replaceChildren(...parsed.querySelectorAll("[role=option]"));
      } catch (error) {
        return;
      }
      this.options().forEach((option, n) => { option.id = this.list.id + "-" + n; });
      const count = this.options().length;
      this.status.textContent = count ? count + " " + this.status.dataset.textFound : this.status.dataset.textNone;
      this.list.hidden = !count;
      this.field.setAttribute("aria-expanded", String(Boolean(count)));
      if (count) this.mark(this.options()[0]);
    }
    options() { return [...this.list.querySelectorAll("[role=option]")]; }
    marked() { return this.list.querySelector("[aria-selected=true]"); }
    mark(option) {
      this.options().forEach((other) => other.setAttribute("aria-selected", String(other === option)));
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
    key(event) {
      if (event.isComposing || event.keyCode === 229) return;
      const options = this.options();
      const open = !this.list.hidden && options.length;
      const at = options.indexOf(this.marked());
      if (event.key === "ArrowDown" && open) this.mark(options[Math.min(at + 1, options.length - 1)]);
      else if (event.key === "ArrowUp" && open) this.mark(options[Math.max(at - 1, 0)]);
      else if (event.key === "Enter" && open && at >= 0) this.choose(options[at]);
      else if (event.key === "Enter" && this.field.dataset.pickerSubmit) { /* nothing chosen yet */ }
      else if (event.key === "Escape" && open) { this.close(); event.stopPropagation(); }
      else return;
      event.preventDefault();
    }
    choose(option) {
      const name = this.field.dataset.pickerSubmit;
      if (name) {
        const chosen = Object.assign(document.createElement("input"), { type: "hidden", name, value: option.dataset.value });
        this.field.form.append(chosen);
        this.field.form.requestSubmit();
        return;
      }
      const [id, label] = this.box.querySelectorAll("input[type=hidden]");
      id.value = option.dataset.value;
      label.value = this.field.value = option.dataset.label;
      this.close();
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close() {
      this.list.hidden = true;
      this.field.setAttribute("aria-expanded", "false");
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  // Tables that are wider than their panel scroll inside it; the others need no extra tab stop.
  // First the columns move together a little; only then the table scrolls.
  function measure(box) {
    const tooWide = () => box.scrollWidth > box.clientWidth + 1;
    box.classList.remove("is-wide", "is-snug");
    box.classList.toggle("is-snug", tooWide());
    const wide = tooWide();
    box.classList.toggle("is-wide", wide);
    if (wide) box.tabIndex = 0; else box.removeAttribute("tabindex");
  }
  const measureAll = () => each("[data-scroll]", measure);
  let resizing = 0;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(measureAll, 120); });

  // One press, one act.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    each("button", (button) => button.setAttribute("aria-disabled", "true"), form);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    each("form[data-sent]", (form) => {
      delete form.dataset.sent;
      each("button", (button) => button.removeAttribute("aria-disabled"), form);
    });
  });

  // An input method's Enter ends the composition and must not send the form (old Chromium sends it).
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
  }, true);

  function say(words) {
    const note = document.createElement("div");
    note.className = "fp-note bad";
    note.setAttribute("role", "alert");
    note.textContent = words;
    const place = document.getElementById("fp-messages");
    if (place) place.replaceChildren(note);
  }
  document.addEventListener("htmx:responseError", () => say(text("textLost")));
  document.addEventListener("htmx:sendError", () => say(text("textLost")));
  document.addEventListener("htmx:timeout", () => say(text("textLost")));

  // After a part was replaced: bring its top into view, mark the tab, measure tables.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.target || event.target;
    each("[data-scroll]", measure, part);
    start(part);
    if (part.id === "fp-list" && part.getBoundingClientRect().top < 0) part.scrollIntoView({ block: "start" });
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const tab = event.target.closest && event.target.closest("a[data-tab]");
    if (!tab) return;
    each("a[aria-current]", (other) => other.removeAttribute("aria-current"), tab.closest("nav"));
    tab.setAttribute("aria-current", "page");
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  function start(part) {
    each("[data-picker]:not([data-ready])", (field) => { field.dataset.ready = "1"; new Picker(field); }, part);
  }
  start(document);
  measureAll();
  const focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();
})();
