// The dashboard works without this file; with it pages follow the events of the site,
// forms open as dialogs, and a few keys work.
"use strict";

// ---- light or dark, before anything is painted ----

const root = document.documentElement;

function storedTheme() {
	try {
		return localStorage.getItem("theme");
	} catch {
		return null; // storage may be forbidden
	}
}

function setTheme(theme) {
	root.dataset.theme = theme;
	try {
		localStorage.setItem("theme", theme);
	} catch {
		// it lasts as long as the page, then
	}
}

function otherTheme() {
	const dark = root.dataset.theme ? root.dataset.theme === "dark"
		: matchMedia("(prefers-color-scheme: dark)").matches;
	return dark ? "light" : "dark";
}

if (storedTheme())
	root.dataset.theme = storedTheme();

// ---- new contents into the page that is there, so that focus and scrolling stay ----

function sameKind(a, b) {
	return a && b && a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.id === b.id;
}

function syncAttributes(from, to) {
	for (const {name} of [...from.attributes])
		if (!to.hasAttribute(name) && !(name === "open" && from.localName === "details"))
			from.removeAttribute(name);
	for (const {name, value} of to.attributes)
		if (from.getAttribute(name) !== value)
			from.setAttribute(name, value);
}

function morph(from, to) {
	if (from.nodeType !== Node.ELEMENT_NODE) {
		if (from.nodeValue !== to.nodeValue)
			from.nodeValue = to.nodeValue;
		return;
	}
	syncAttributes(from, to);
	let old = from.firstChild;
	for (const next of [...to.childNodes]) {
		let match = old;
		if (next.id)
			match = [...from.children].find((child) => child.id === next.id) || null;
		if (match && match !== old && sameKind(match, next))
			from.insertBefore(match, old);
		if (sameKind(match, next)) {
			morph(match, next);
			old = match.nextSibling;
		} else {
			from.insertBefore(document.importNode(next, true), old);
		}
	}
	while (old) {
		const gone = old;
		old = old.nextSibling;
		gone.remove();
	}
}

function parsePage(html) {
	return new DOMParser().parseFromString(html, "text/html");
}

// ---- what is live ----

let asking = false, again = false;
let present = false; // somebody moved over the page or typed, since it asked last

for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"])
	addEventListener(kind, () => {
		present = true;
	}, {passive: true});
let seen = ""; // the ETag of what was put into the page last

async function refresh() {
	if (asking) {
		again = true;
		return;
	}
	asking = true;
	const live = present ? "2" : "1"; // a session that nobody uses ends
	present = false;
	try {
		const answer = await fetch(location.href, {
			headers: {"X-Live": live, ...(seen && {"If-None-Match": seen})},
			cache: "no-store",
		});
		root.dataset.answer = answer.status;
		if (answer.redirected && new URL(answer.url).pathname === "/sign-in") {
			location.reload();
			return;
		}
		if (answer.ok) {
			seen = answer.headers.get("ETag") ?? "";
			const page = parsePage(await answer.text());
			for (const live of document.querySelectorAll("[data-live]")) {
				const next = page.getElementById(live.id);
				if (next)
					morph(live, next);
			}
			const nav = page.querySelector(".top nav");
			if (nav)
				morph(document.querySelector(".top nav"), nav);
		}
	} catch {
		say("The server does not answer; asking again.");
	} finally {
		asking = false;
		if (again) {
			again = false;
			setTimeout(refresh, 250);
		}
	}
}

function say(text) {
	const place = document.getElementById("stream");
	if (place && place.textContent !== text)
		place.textContent = text;
}

let timer = 0, soon = 0;

// Without the stream the page asks every 10 s; with it, that is a safety net.
function everySoOften(seconds) {
	clearInterval(timer);
	timer = setInterval(refresh, seconds * 1000);
}

function happened() {
	if (!soon)
		soon = setTimeout(() => {
			soon = 0;
			refresh();
		}, 150);
}

function follow(address) {
	everySoOften(10);
	if (!window.EventSource)
		return;
	const stream = new EventSource(address);
	stream.onopen = () => {
		root.dataset.stream = "open";
		say("Live.");
		everySoOften(30);
		refresh(); // what came in between
	};
	stream.onerror = () => {
		root.dataset.stream = "closed";
		say("Not live: every 10 seconds.");
		everySoOften(10);
		if (stream.readyState === EventSource.CLOSED)
			setTimeout(() => follow(address), 10000);
	};
	stream.onmessage = happened;
	for (const kind of streamKinds)
		stream.addEventListener(kind, happened);
	addEventListener("pagehide", () => stream.close());
}

const streamKinds = ["offer", "ack", "silent", "script", "report", "disks", "refused",
	"admin", "release", "lost", "transfer", "fetch", "event"];

// ---- dialogs ----

function dialog() {
	return document.getElementById("dialog");
}

function fill(page) {
	const box = dialog(), main = page.querySelector("main");
	box.replaceChildren(...[...main.childNodes].map((n) => document.importNode(n, true)));
	box.setAttribute("aria-label", box.querySelector("h1")?.textContent ?? "");
	const wrong = box.querySelector("#wrong");
	if (!box.open)
		box.showModal();
	if (wrong)
		wrong.focus();
	else
		box.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

async function openDialog(address) {
	const answer = await fetch(address);
	if (!answer.ok || new URL(answer.url).pathname === "/sign-in") {
		location.href = address;
		return;
	}
	fill(parsePage(await answer.text()));
}

// An answer that leads elsewhere is where we go; one that does not has the complaints.
async function submitInDialog(form) {
	const button = form.querySelector("button.main");
	button.disabled = true;
	try {
		const answer = await fetch(form.action, {
			method: "POST",
			body: new URLSearchParams(new FormData(form)),
		});
		if (answer.redirected) {
			location.href = answer.url;
			return;
		}
		fill(parsePage(await answer.text()));
	} catch {
		form.submit(); // what the browser says of it is the best message
	} finally {
		button.disabled = false;
	}
}

// ---- clicks and keys ----

document.addEventListener("click", (event) => {
	const opener = event.target.closest("a[data-dialog]");
	if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
		event.preventDefault();
		opener.focus(); // to where the dialog gives it back
		openDialog(opener.href);
	}
	if (event.target.closest("dialog [data-close]")) {
		event.preventDefault();
		dialog().close();
	}
	const place = event.target.closest("dialog a[href^='#']");
	if (place) {
		event.preventDefault();
		reveal(place.hash.slice(1));
	}
});

function reveal(id) {
	const field = document.getElementById(id);
	if (!field)
		return;
	field.closest("details")?.setAttribute("open", "");
	field.focus();
}

document.addEventListener("submit", (event) => {
	const form = event.target;
	if (form.dataset.ask && !confirm(form.dataset.ask)) {
		event.preventDefault();
	} else if (form.closest("dialog") && form.method === "post") {
		event.preventDefault();
		submitInDialog(form);
	}
});

document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.metaKey || event.altKey || dialog()?.open ||
	    event.target.closest("input, select, textarea"))
		return;
	const find = document.querySelector("input[type=search]");
	const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
	if (event.key === "/" && find)
		find.focus();
	else if (event.key === "t")
		setTheme(otherTheme());
	else if (link)
		link.click();
	else
		return;
	event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
	const toggle = document.getElementById("theme");
	if (toggle) {
		toggle.hidden = false;
		toggle.addEventListener("click", () => setTheme(otherTheme()));
	}
	// On a phone the names of the pages are wider than the screen.
	document.querySelector(".top nav [aria-current]")?.scrollIntoView(
		{inline: "center", block: "nearest"});
	for (const keys of document.querySelectorAll(".keys"))
		keys.hidden = false;
	if (document.body.dataset.stream)
		follow(document.body.dataset.stream);
	if (document.getElementById("wrong"))
		document.getElementById("wrong").focus();
	root.dataset.ready = "yes";
});
