// The errors page of an import, by the keys of a spreadsheet: Enter saves and goes down, with Shift
// up; the arrows go there too and save what was typed; Escape takes back what was typed, then closes.
(function () {
  "use strict";
  function rows() { return [...document.querySelectorAll("[data-edit], #e-value")]; }
  function beside(field, step) { const all = rows(); return all[all.indexOf(field) + step]; }
  // Saves the open row; then the server opens the next one, or the one given.
  function save(form, then) {
    const button = form.querySelector("[name=do][value^='save:']");
    if (then && then.search) {
      const wanted = document.createElement("input");
      wanted.type = "hidden"; wanted.name = "then";
      wanted.value = new URLSearchParams(then.search).get("edit") || "";
      form.append(wanted);
    }
    button.click();
  }
  function escape(field) {
    const close = document.querySelector("[data-cancel]");
    if (field.id === "e-value" && field.value !== field.defaultValue) {
      field.value = field.defaultValue; field.select();
    } else if (close) close.click();
  }
  function move(event, field, step) {
    if (field.list && field.list.options.length) return; // the arrows choose among the values
    const next = beside(field, step);
    if (field.id === "e-value" && field.value !== field.defaultValue) {
      event.preventDefault(); save(field.form, step < 0 ? next : null);
    } else if (next) {
      event.preventDefault();
      if (field.id === "e-value") next.click(); else next.focus();
    }
  }
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.keyCode === 229) return;
    if (!field.matches("#e-value, #e-reach, [data-edit]")) return;
    if (event.key === "Escape") escape(field);
    else if (event.key === "Enter" && field.id === "e-reach") {
      event.preventDefault(); save(field.form);
    } else if (event.key === "Enter" && event.shiftKey && field.id === "e-value") {
      event.preventDefault(); save(field.form, beside(field, -1));
    } else if (field.id === "e-reach") return;
    else if (event.key === "ArrowDown") move(event, field, 1);
    else if (event.key === "ArrowUp") move(event, field, -1);
  });
  // What stands in the field is replaced by typing; a click puts the cursor as usual.
  function ready(part) {
    const field = part.querySelector("[data-select][autofocus]");
    if (!field) return;
    field.focus();
    field.select();
    document.getElementById("e").scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:afterSettle", () => ready(document));
  ready(document);
})();
