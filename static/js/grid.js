// Arrows and Enter move between the cells of a typed grid. Without this file Tab does, and Enter saves.

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-grid] [data-column]");
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...cell.closest("[data-grid]").querySelectorAll("tbody tr")];
  const row = rows.indexOf(cell.closest("tr"));
  const isText = cell.matches("input");
  const down = event.key === "Enter" ? (event.shiftKey ? -1 : 1) : isText && { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (down) {
    // Enter must not send the form, not even in the last row.
    event.preventDefault();
    go(rows[row + down]?.querySelector(`[data-column="${cell.dataset.column}"]`));
    return;
  }
  const across = isText && { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!across || cell.selectionStart !== cell.selectionEnd) return;
  if (cell.selectionEnd !== (across > 0 ? cell.value.length : 0)) return;
  const cells = [...rows[row].querySelectorAll("[data-column]")];
  const next = cells[cells.indexOf(cell) + across];
  if (next) {
    event.preventDefault();
    go(next);
  }
});

function go(cell) {
  cell?.focus();
  if (cell?.matches("input")) cell.select();
}
