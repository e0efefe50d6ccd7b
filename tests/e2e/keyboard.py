"""Somebody who has a keyboard and no mouse, and sees where she is at every step."""

from __future__ import annotations

from typing import Any

# What has the focus is drawn with an outline, lies in the window, and nothing covers it. A ring
# round the card of a radio counts as the radio's own.
SEES_IT = """each => {
    if (each !== document.activeElement) return false;
    const ringed = [each, each.closest('label')].filter(Boolean).find(one => {
        const look = getComputedStyle(one);
        return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
    });
    if (!ringed) return false;
    const box = ringed.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    if (bottom - top < Math.min(box.height, 20) || right - left < Math.min(box.width, 20)) {
        return false;
    }
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return Boolean(above) && (ringed.contains(above) || above.contains(ringed));
}"""
HAS_IT = "each => each === document.activeElement"
IS_ITS_GROUP = """each => {
    const now = document.activeElement;
    return now.type === 'radio' && now.name === each.name && now.form === each.form;
}"""


class Keyboard:
    """The keys of one page: each way leads by Tab, and fails where the focus cannot be seen."""

    def __init__(self, page: Any, most: int = 90) -> None:
        self.page, self.most = page, most

    def to(self, target: Any) -> None:
        """Tab until the target has the focus, and see it there."""
        target.wait_for(state="visible")
        self._until(target, HAS_IT)
        self._sees(target)

    def enter(self, target: Any) -> None:
        """A link or button that leads to another page."""
        self.to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, target: Any, text: str) -> None:
        self.to(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def type(self, target: Any, signs: str) -> None:
        """Sign by sign, as a box for a date or a list to choose from wants it."""
        self.to(target)
        self.page.keyboard.type(signs)

    def tick(self, target: Any) -> None:
        self.to(target)
        self.page.keyboard.press("Space")
        assert target.is_checked()

    def pick(self, target: Any) -> None:
        """One of several radios: Tab to the group, then arrows."""
        self._until(target, IS_ITS_GROUP)
        self.page.keyboard.press("Space")
        for _press in range(12):
            if target.is_checked():
                return self._sees(target)
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{target} was not reached by arrows")

    def _until(self, target: Any, reached: str) -> None:
        for _press in range(self.most):
            self.page.keyboard.press("Tab")
            if target.evaluate(reached):
                return
        raise AssertionError(f"{target} was not reached by {self.most} times Tab")

    def _sees(self, target: Any) -> None:
        """The page may still be scrolling to it, so this looks a few times."""
        self.page.wait_for_function(SEES_IT, arg=target.element_handle(), timeout=3_000)
