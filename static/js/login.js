// Sign-in page: show the password while typing, if wanted.
(function () {
  "use strict";
  const button = document.querySelector("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
  field.form.addEventListener("submit", () => { field.type = "password"; });
})();
