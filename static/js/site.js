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
