"""WCAG 2.2 AA, measured in a page as Chromium has drawn it.  complaints(browser, keys) says
what is not kept: contrast of each visible text and of each edge, also under the pointer, with
the focus, and switched off; names, headings, landmarks, sizes of targets; and with keys, that
the Tab key reaches every control."""

# Colours are [red, green, blue] of 0 to 255 with alpha of 0 to 1 behind; what lies between an
# element and the canvas is painted as CSS says, with opacity and brightness() of each group.
COMMON = r"""
const TARGETS = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
const bad = [];
const short = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
const colour = text => {
    const n = text.match(/[\d.]+(?:e-?\d+)?/g).map(Number);
    const srgb = text.startsWith('color(') ? 255 : 1;
    return [n[0] * srgb, n[1] * srgb, n[2] * srgb, n.length > 3 ? n[3] : 1];
};
const mix = (below, above, share) => below.map((c, i) => c + (above[i] - c) * share);
const over = (above, below) => mix(below, above.slice(0, 3), above[3]);
function paint(path, i, below, ink) {
    const style = getComputedStyle(path[i]);
    const inner = over(colour(style.backgroundColor), below);
    let pair = i === path.length - 1 ? [inner, over(ink, inner)]
                                     : paint(path, i + 1, inner, ink);
    const light = style.filter.match(/^brightness\(([\d.]+)\)$/);
    if (light)
        pair = pair.map(c => c.map(v => Math.min(255, v * light[1])));
    else if (style.filter !== 'none')
        bad.push('a filter that is not measured: ' + style.filter);
    return pair.map(c => mix(below, c, Number(style.opacity)));
}
function pathOf(e) {
    const path = [];
    for (; e; e = e.parentElement)
        path.unshift(e);
    return path;
}
const luminance = c => c.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
function ratio(a, b) {
    const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
}
const canvas = colour(getComputedStyle(document.documentElement).backgroundColor)[3]
    ? [255, 255, 255]
    : over(colour(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);
function contrast(what, e, ink, want) {
    const [paper, drawn] = paint(pathOf(e), 0, canvas, colour(ink));
    const is = ratio(paper, drawn);
    if (is < want)
        bad.push(`${what}: ${is.toFixed(2)} of ${want}: ${short(e)}`);
}
const seen = e => e.checkVisibility({visibilityProperty: true}) &&
    e.getBoundingClientRect().right > 0 && e.getBoundingClientRect().width > 1;
function wanted(style) {
    const px = parseFloat(style.fontSize);
    return px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
}
function texts(what) {
    let count = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !seen(e) || e.closest('script, noscript, option'))
            continue;
        const style = getComputedStyle(e);
        count++;
        contrast(`text${what}`, e, style.color, wanted(style));
    }
    for (const e of document.querySelectorAll('body *'))
        for (const part of ['::before', '::after']) {
            const style = getComputedStyle(e, part);
            if (!['none', 'normal', '""'].includes(style.content) && seen(e))
                contrast(`text of ${part}${what}`, e, style.color, wanted(style));
        }
    for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
        if (!seen(e))
            continue;
        contrast(`value${what}`, e, getComputedStyle(e).color, 4.5);
        if (e.placeholder)
            contrast(`placeholder${what}`, e, getComputedStyle(e, '::placeholder').color, 4.5);
    }
    return count;
}
"""

LOOKS = COMMON + r"""
if (!texts(''))
    bad.push('no text was found');
function edges(what) {
    for (const e of document.querySelectorAll(
            'input:not([type=hidden]):not([type=checkbox]), select, textarea, button, .button')) {
        const style = getComputedStyle(e);
        if (!seen(e) || !colour(style.borderTopColor)[3] || style.borderTopStyle === 'none')
            continue;
        contrast(`edge${what}`, e.parentElement, style.borderTopColor, 3);
    }
}
edges('');

// Under the pointer: each rule of :hover, in its place of the cascade, as if the pointer were
// everywhere.
const added = [];
for (const sheet of document.styleSheets)
    for (let i = sheet.cssRules.length - 1; i >= 0; i--)
        if ((sheet.cssRules[i].selectorText || '').includes(':hover')) {
            const text = sheet.cssRules[i].cssText.replaceAll(':hover', '[data-hover]');
            sheet.insertRule(text, i + 1);
            added.push([sheet, sheet.cssRules[i + 1]]);
        }
if (!added.length)
    bad.push('no rule of :hover was found');
const controls = [...document.querySelectorAll(TARGETS)];
controls.forEach(e => e.setAttribute('data-hover', ''));
texts(' under the pointer');
edges(' under the pointer');
controls.forEach(e => e.removeAttribute('data-hover'));
for (const [sheet, rule] of added)
    sheet.deleteRule([...sheet.cssRules].indexOf(rule));

// Switched off, which WCAG would spare.
const on = controls.filter(e => 'disabled' in e && !e.disabled);
on.forEach(e => { e.disabled = true; });
texts(' switched off');
on.forEach(e => { e.disabled = false; });

// With the focus: a ring of two pixels or more that differs from what is around it.
const before = document.activeElement;
for (const e of controls.filter(seen)) {
    e.focus({preventScroll: true});
    if (document.activeElement !== e)
        continue;
    const style = getComputedStyle(e);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)
        bad.push(`no ring of the focus: ${short(e)}`);
    else
        contrast('ring of the focus', e.parentElement, style.outlineColor, 3);
}
before.focus();
before.blur();
return [...new Set(bad)];
"""

SHAPE = COMMON + r"""
if (!document.documentElement.lang)
    bad.push('no language');
if (!document.title)
    bad.push('no title');
let level = 0;
const heads = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(seen);
if (heads.filter(h => h.tagName === 'H1').length !== 1)
    bad.push('not one h1');
for (const h of heads) {
    if (Number(h.tagName[1]) > level + 1)
        bad.push(`a heading leaves one out: ${short(h)}`);
    level = Number(h.tagName[1]);
}
for (const name of ['header', 'main', 'footer'])
    if (document.querySelectorAll('body > ' + name).length !== 1)
        bad.push(`not one ${name}`);
for (const e of document.querySelectorAll('[id]'))
    if (document.querySelectorAll('#' + CSS.escape(e.id)).length !== 1)
        bad.push(`an id twice: ${e.id}`);
for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
    for (const id of (e.getAttribute('aria-describedby') || '').split(' ').concat(
            (e.getAttribute('aria-labelledby') || '').split(' ')))
        if (id && !document.getElementById(id))
            bad.push(`leads to nothing: ${id}`);
for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (seen(e) && !e.labels.length && !e.ariaLabel)
        bad.push(`no label: ${short(e)}`);

// 2.5.8: 24 by 24 pixels, or as much room around, or a word of a sentence.
const targets = [...document.querySelectorAll(TARGETS)].filter(seen).map(e => {
    const r = (e.type === 'checkbox' && e.closest('label') || e).getBoundingClientRect();
    return {e, r, small: r.width < 24 || r.height < 24,
            x: r.left + r.width / 2, y: r.top + r.height / 2};
});
const inSentence = e => getComputedStyle(e).display === 'inline' &&
    [...e.parentElement.childNodes].some(n => n.nodeType === 3 && /\w/.test(n.data));
for (const t of targets) {
    if (!t.small || inSentence(t.e))
        continue;
    const near = targets.find(o => {
        if (o === t || o.e.contains(t.e) || t.e.contains(o.e))
            return false;
        if (o.small)
            return Math.hypot(o.x - t.x, o.y - t.y) < 24;
        const dx = Math.max(o.r.left - t.x, 0, t.x - o.r.right);
        const dy = Math.max(o.r.top - t.y, 0, t.y - o.r.bottom);
        return Math.hypot(dx, dy) < 12;
    });
    if (near)
        bad.push(`a small target (${Math.round(t.r.width)}x${Math.round(t.r.height)}) ` +
                 `near another: ${short(t.e)} | ${short(near.e)}`);
}
return [...new Set(bad)];
"""

NUMBER = COMMON + r"""
const all = [...document.querySelectorAll(TARGETS)].filter(e => seen(e) || e.className === 'skip')
    .filter(e => e.tabIndex >= 0 && !e.disabled);
all.forEach((e, i) => e.setAttribute('data-tab', i));
document.activeElement.blur();
return all.length;
"""
NAMED = {"button", "link", "textbox", "combobox", "checkbox", "searchbox", "image", "dialog",
         "navigation", "progressbar", "spinbutton", "heading", "DisclosureTriangle"}
TAB = "\ue004"


def names(browser):
    """What Chromium tells a screen reader."""
    tree = browser.call("POST", "/goog/cdp/execute", {
        "cmd": "Accessibility.getFullAXTree", "params": {}})
    nodes = [n for n in tree["nodes"] if not n["ignored"]]
    roles = {n["role"]["value"] for n in nodes}
    found = [f"no landmark {role}" for role in ("banner", "main", "contentinfo")
             if role not in roles]
    return found + [f"a {n['role']['value']} without a name" for n in nodes
                    if n["role"]["value"] in NAMED and not n.get("name", {}).get("value")]


def tabs(browser):
    """Every control is reached by the Tab key, in the order of the page."""
    count = browser.run(NUMBER)
    reached = []
    for _ in range(count + 3):
        browser.press(TAB)
        at = browser.run("return document.activeElement.getAttribute('data-tab')")
        if at is not None and int(at) not in reached:
            reached.append(int(at))
    found = ["the Tab key does not reach: " + browser.run(
        "return document.querySelector(`[data-tab='${arguments[0]}']`).outerHTML.slice(0, 110)",
        n) for n in range(count) if n not in reached]
    if reached != sorted(reached):
        found.append(f"the Tab key jumps: {reached}")
    return found


def complaints(browser, keys=False):
    # Whoever uses the keyboard sees the focus.
    browser.press("\ue008")
    found = browser.run(LOOKS) + browser.run(SHAPE) + names(browser)
    return found + (tabs(browser) if keys else [])
