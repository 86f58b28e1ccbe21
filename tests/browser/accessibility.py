"""What axe says of a page: everything once, and the colours of each look of a text once."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

#: What axe holds against colours: the only rules whose answer hangs on the theme. Three quarters of its time.
OF_COLOURS: Final = ("color-contrast", "link-in-text-block")
AXE: Final = Axe()
#: The first of all elements with a text of their own that look alike: the same tags and styles from the page down to
#: them have the same contrast, as the rows of a list have. What is drawn or placed apart from the flow is alone with
#: its look, for what lies behind it is another matter.
LOOKS = """() => {
  const known = new Map([[null, 0]]), seen = new Map(), ids = new Map();
  const id = text => ids.get(text) ?? ids.set(text, ids.size + 1).get(text);
  const speaks = e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const look = e => {
    if (!known.has(e)) {
      const s = getComputedStyle(e);
      const apart = e.ownerSVGElement || !["static", "relative"].includes(s.position) || s.transform !== "none";
      known.set(e, id([
        e.parentElement && look(e.parentElement), apart ? known.size : "", e.tagName, speaks(e), s.color, s.opacity,
        s.backgroundColor, s.backgroundImage, s.fontSize, s.fontWeight, s.textDecorationLine, s.textShadow, s.filter,
        s.borderBottomStyle, e.disabled, e.getAttribute("aria-disabled"),
      ].join("|")));
    }
    return known.get(e);
  };
  for (const e of document.body.querySelectorAll("*")) {
    const said = speaks(e) || e.matches("a[href], input, select, textarea");
    if (said && e.checkVisibility() && !seen.has(look(e))) seen.set(look(e), e);
  }
  return [...seen.values()];
}"""
#: By rules of colours for the elements, and by all others for the page. What is well is told of by every rule and never
#: looked at: it stays in the browser.
RUN = f"""async ([colours, all]) => {{
  const only = {{resultTypes: ["violations"]}};
  const off = Object.fromEntries(colours.map(rule => [rule, {{enabled: false}}]));
  const page = all ? (await axe.run({{...only, rules: off}})).violations : [];
  const looks = ({LOOKS})();
  const kinds = {{...only, runOnly: {{type: "rule", values: colours}}}};
  return page.concat(looks.length ? (await axe.run({{include: looks}}, kinds)).violations : []);
}}"""


async def violations(page: Page, *rules: str) -> list[tuple[str, str, str]]:
    """Return all that axe finds, minor or not, of colours alone or of everything, with the first place of each."""
    assert rules in ((), OF_COLOURS)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.axe_script)
    found: list[dict[str, Any]] = await page.evaluate(RUN, [OF_COLOURS, not rules])
    return [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"]) for v in found]


async def open_everything(page: Page) -> None:
    """Open every disclosure that is no menu, so that what it hides is checked too."""
    await page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(d => { d.open = true; })")


#: Without what fades, all that is shown changes its colour at one moment. A style sheet of a script's own: the page's
#: security policy lets no other in.
STILL: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
BACKGROUND: Final = "getComputedStyle(document.body).backgroundColor"


async def violations_in_light_and_dark(page: Page) -> list[tuple[str, str, str]]:
    """Open everything; return what axe finds in light, and of colours in dark.

    It is the same document in both: one that a form was answered with could not be asked for again.
    """
    await page.evaluate(STILL)
    await open_everything(page)
    light, background = await violations(page), await page.evaluate(BACKGROUND)
    await page.emulate_media(color_scheme="dark")
    await page.wait_for_function(f"light => {BACKGROUND} !== light", arg=background)
    await open_everything(page)  # what has come to a page that is alive is shut
    return light + await violations(page, *OF_COLOURS)
