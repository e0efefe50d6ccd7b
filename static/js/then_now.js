// Then and now: one map over the other. Without this there are two still pictures of one frame.

for (const box of document.querySelectorAll("[data-then-now]")) {
  const controls = document.querySelector("[data-then-now-controls]");
  if (!controls) continue;
  const range = controls.querySelector("input[type=range]");
  const ways = [...controls.querySelectorAll("input[type=radio]")];
  const show = () => {
    const way = ways.find((each) => each.checked).value;
    const isOver = way !== "apart";
    box.classList.toggle("then-now--over", isOver);
    box.classList.toggle("then-now--wipe", way === "wipe");
    box.classList.toggle("then-now--fade", way === "fade");
    range.disabled = !isOver;
    box.style.setProperty("--then", range.value / 100);
  };
  controls.hidden = false;
  controls.addEventListener("input", show);
  show();
}
