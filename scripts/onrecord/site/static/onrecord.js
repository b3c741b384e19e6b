// What works better with a script: the colour scheme, copying, and the slider of days. Every page works without it.
"use strict";

const root = document.documentElement;
const scheme = document.querySelector("[data-scheme]:not(html)");
const dark = () => (root.dataset.scheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
try {
  const kept = localStorage.getItem("scheme");
  if (kept === "dark" || kept === "light") root.dataset.scheme = kept;
} catch { /* nothing is kept where storage is refused */ }
if (scheme) {
  scheme.hidden = false;
  scheme.setAttribute("aria-pressed", String(dark()));
  scheme.addEventListener("click", () => {
    root.dataset.scheme = dark() ? "light" : "dark";
    scheme.setAttribute("aria-pressed", String(dark()));
    try { localStorage.setItem("scheme", root.dataset.scheme); } catch { /* as above */ }
  });
}

document.querySelector(".menu [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });

for (const button of document.querySelectorAll("[data-copy]")) {
  const place = button.closest("[data-cite]") || document;
  const from = place.querySelector("[data-copied]");
  button.hidden = !from;
  button.addEventListener("click", async () => {
    const text = "value" in from ? from.value : from.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(from);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.textContent = "Selected: press Ctrl-C";
    }
  });
}

const slider = document.querySelector("[data-slider]");
const stops = [...document.querySelectorAll("[data-stops] a")];
if (slider && stops.length > 1) {
  const input = slider.querySelector("input");
  const output = slider.querySelector("output");
  const chosen = stops.findIndex((stop) => stop.hasAttribute("aria-current"));
  slider.hidden = false;
  input.value = String(Math.max(chosen, 0));
  let latest = 0;
  const say = () => {
    const name = stops[Number(input.value)].dataset.name;
    output.textContent = name;
    input.setAttribute("aria-valuetext", name);
  };
  const show = async () => {
    const stop = stops[Number(input.value)];
    const mine = ++latest;
    const answer = await fetch(stop.href);
    if (!answer.ok || mine !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const known = page.getElementById("known");
    if (!known || mine !== latest) return;
    for (const link of document.querySelectorAll("a[href], link[href]")) link.href = link.href; // or they lead elsewhere from the new address
    document.getElementById("known").replaceWith(known);
    history.replaceState(null, "", stop.href);
    for (const one of stops) one.toggleAttribute("aria-current", one === stop);
    stop.setAttribute("aria-current", "true");
    const date = document.getElementById("date");
    if (date) date.value = stop.dataset.day;
    document.title = page.title;
    document.getElementById("told").textContent = known.querySelector("section").innerText.split("\n", 8).join(" ");
  };
  let waiting = 0;
  say();
  input.addEventListener("input", () => { say(); clearTimeout(waiting); waiting = setTimeout(show, 120); });
}
