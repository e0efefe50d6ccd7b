// The screen for a room: arrow keys, Page keys and the space bar turn the page, Escape leaves.
// Without this file the links do the same.
(() => {
  const follow = (selector) => document.querySelector(selector)?.click();
  const turns = {
    ArrowRight: '[rel="next"]',
    PageDown: '[rel="next"]',
    " ": '[rel="next"]',
    ArrowLeft: '[rel="prev"]',
    PageUp: '[rel="prev"]',
    Escape: ".room__leave",
  };
  document.addEventListener("keydown", (event) => {
    const selector = turns[event.key];
    const isTyping = event.target.closest("input, textarea, select, summary, a, button");
    if (!selector || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && isTyping) return;
    event.preventDefault();
    follow(selector);
  });
})();
