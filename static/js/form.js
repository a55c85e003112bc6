// Entry forms: warn before leaving with changes, check an identity number while it is typed.
(function () {
  "use strict";
  const form = document.querySelector("form[data-guard]");
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const LAST = "10X98765432";

  // 1 Unsaved changes.
  if (form) {
    const state = form.querySelector("[data-form-state]");
    const failed = Boolean(document.querySelector("[data-focus]"));
    let changed = failed;
    let leaving = false;
    const mark = () => {
      changed = true;
      if (state) state.textContent = state.dataset.textChanged;
    };
    form.addEventListener("input", mark);
    form.addEventListener("change", mark);
    form.addEventListener("submit", () => {
      leaving = true;
      if (state) state.textContent = state.dataset.textSaving;
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-unguarded]")) leaving = true;
    });
    addEventListener("beforeunload", (event) => {
      if (!changed || leaving) return;
      event.preventDefault();
      event.returnValue = document.body.dataset.textLeave;
    });
    addEventListener("pageshow", () => { leaving = false; });
  }

  // 2 Identity number: what it says about sex and birth date, and which part is wrong.
  function clean(value) {
    return value.normalize("NFKC").replace(/[\s\-‐-―·]/g, "").toUpperCase();
  }
  function lastCharacter(number) {
    let sum = 0;
    for (let at = 0; at < 17; at += 1) sum += WEIGHTS[at] * Number(number[at]);
    return LAST[sum % 11];
  }
  function birthDate(number) {
    const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
    const date = new Date(year, month - 1, day);
    const real = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
    return real && year >= 1850 && date <= new Date() ? date : null;
  }
  function yearsSince(birth) {
    const now = new Date();
    const had = now.getMonth() > birth.getMonth() || (now.getMonth() === birth.getMonth() && now.getDate() >= birth.getDate());
    return now.getFullYear() - birth.getFullYear() - (had ? 0 : 1);
  }
  function problem(number, texts) {
    if (!/^\d*X?$/.test(number)) return texts.textChar;
    if (number.length !== 18) return number.length + " " + texts.textLength;
    if (!birthDate(number)) return texts.textDate;
    const right = lastCharacter(number);
    return right === number[17] ? "" : texts.textSum + " " + right;
  }
  function fill(name, value) {
    const fields = document.getElementsByName(name);
    if (!fields.length) return;
    if (fields[0].type === "radio") fields.forEach((radio) => { radio.checked = radio.value === value; });
    else {
      fields[0].value = value;
      fields[0].classList.add("is-filled");
    }
  }
  function iso(date) {
    const two = (n) => String(n).padStart(2, "0");
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate());
  }
  function check(field, hint, typing) {
    const number = clean(field.value);
    const texts = hint.dataset;
    hint.classList.remove("ok", "is-bad");
    if (!number || /^[A-Z]/.test(number) || (typing && number.length < 18)) { hint.textContent = ""; return; }
    const wrong = problem(number, texts);
    hint.textContent = wrong || texts.textOk;
    hint.classList.add(wrong ? "is-bad" : "ok");
    if (wrong) return;
    const birth = birthDate(number);
    if (texts.fillSex) fill(texts.fillSex, Number(number[16]) % 2 ? "1" : "2");
    if (texts.fillBirth_date) fill(texts.fillBirth_date, iso(birth));
    if (texts.fillAge) fill(texts.fillAge, yearsSince(birth) + " " + texts.textAge);
  }
  document.querySelectorAll("[data-id-check]").forEach((hint) => {
    const field = document.getElementById(hint.dataset.idCheck);
    if (!field) return;
    field.addEventListener("input", (event) => { if (!event.isComposing) check(field, hint, true); });
    field.addEventListener("compositionend", () => check(field, hint, true));
    field.addEventListener("change", () => check(field, hint, false));
  });
})();
