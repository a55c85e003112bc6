// The errors page of an import: the arrows walk from row to row, Escape closes the row.
(function () {
  "use strict";
  function rows() { return [...document.querySelectorAll("[data-edit], #e-value")]; }
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.keyCode === 229 || !field.matches("#e-value, [data-edit]")) return;
    if (event.key === "Escape") {
      const close = document.querySelector("[data-cancel]");
      if (close) close.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (field.list && field.list.options.length) return; // the arrows choose among the values
      const all = rows();
      const next = all[all.indexOf(field) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      if (field.id === "e-value") next.click(); else next.focus();
    }
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
