// Keeping what is shown once: copy, print. And finding one's ballot, without telling anybody.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only pages that came over TLS may copy
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      return;
    }
    button.querySelector("span").textContent = button.dataset.said;
  });
}

// The signs stay here: no request carries them.
const find = document.querySelector("[data-find]");
if (find) {
  find.hidden = false;
  const box = find.querySelector("input");
  const says = find.querySelector("[role=status]");
  box.addEventListener("input", () => {
    const code = box.value.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, 8);
    let hers = null;
    for (const row of document.querySelectorAll("[data-code]")) {
      row.toggleAttribute("data-hers", row.dataset.code === code);
      if (row.dataset.code === code) hers = row;
    }
    says.textContent = code.length < 8 ? "" : hers ? says.dataset.found : says.dataset.missing;
    hers?.scrollIntoView({ block: "nearest" });
  });
}
