// Small comforts. Every page works without this file.

// While a form is on its way, its button says so and a second press sends nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back by the browser's "back" shows the page as it was left: let it be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// A filter bar with data-auto applies itself when a choice changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filters[data-auto]");
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit();
});

// After the skip link the address ends in #main, and browsers then leave autofocus aside: the list
// of mistakes would go unread.
window.addEventListener("load", () => {
  if (location.hash) document.querySelector(".summary[autofocus]")?.focus();
});

// Words of the lexicon open on a tap or a press by themselves. Here they also open on hover and
// focus, stay while the pointer is on them, and close on Escape (the browser's own doing).
const hovers = window.matchMedia("(hover: hover)");

function meaningOf(target) {
  return target.closest?.(".defined")?.popoverTargetElement ?? target.closest?.(".defined__words");
}

function openMeaning(button) {
  const meaning = button.popoverTargetElement;
  if (!meaning || meaning.matches(":popover-open")) return;
  meaning.showPopover({ source: button });
  meaning.dataset.by = "hover";
}

function closeMeaning(meaning) {
  // What was opened by a press stays until it is closed by one.
  if (meaning.dataset.by !== "hover" || !meaning.matches(":popover-open")) return;
  if (meaning.matches(":hover, :focus-within")) return;
  if (document.querySelector(`.defined[popovertarget="${meaning.id}"]`)?.matches(":hover, :focus-visible")) return;
  meaning.hidePopover();
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || !hovers.matches) return;
  const button = event.target.closest(".defined");
  if (button) openMeaning(button);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches(".defined:focus-visible")) openMeaning(event.target);
});

for (const left of ["pointerout", "focusout"]) {
  document.addEventListener(left, (event) => {
    const meaning = meaningOf(event.target);
    // A moment, so that a pointer may cross from the word to what it means.
    if (meaning) setTimeout(closeMeaning, 250, meaning);
  });
}

// A press on a word whose meaning already opened on hover keeps it, instead of closing it at once.
document.addEventListener("click", (event) => {
  const meaning = event.target.closest(".defined")?.popoverTargetElement;
  if (meaning?.dataset.by !== "hover" || !meaning.matches(":popover-open")) return;
  event.preventDefault();
  meaning.dataset.by = "press";
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches(".defined__words") && event.newState === "closed") delete event.target.dataset.by;
  },
  true,
);
