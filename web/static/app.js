// What scripts add to pages that are whole without them: live counts, single-key shortcuts, the
// focus of an error summary, a word before a session ends. Nothing here is needed for any task.

const body = document.body;

// --- the summary of errors has the focus ------------------------------------------------------

document.querySelector(".oops")?.focus();

// --- live counts ------------------------------------------------------------------------------

const counts = new Map([...document.querySelectorAll("[data-live]")].map((b) => [b.dataset.live, b]));
const moved = document.querySelector(".moved");
let stream = null;

function told(event) {
  for (const [key, count] of Object.entries(JSON.parse(event.data))) {
    const shown = counts.get(key);
    if (!shown || shown.textContent === String(count)) continue;
    shown.textContent = count;
    if (moved) moved.hidden = false;
  }
}

// A page that nobody looks at holds no stream.
function listen() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream && counts.size) {
    stream = new EventSource("/live");
    stream.addEventListener("counts", told);
  }
}

if (counts.size && "EventSource" in window) {
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
  listen();
}

// --- a session that rests ----------------------------------------------------------------------
// Two minutes before it ends the page says so and offers to stay; once it has, where to come in
// again beside what was typed here.

const idle = document.querySelector("[data-idle]");
const SOON = 120;
let timers = [];

function rest() {
  const seconds = Number(idle.dataset.idle);
  const [soon, over] = idle.querySelectorAll("p");
  const say = (ended) => {
    soon.hidden = ended;
    over.hidden = !ended;
    idle.hidden = false;
  };
  timers.forEach(clearTimeout);
  idle.hidden = true;
  timers = [setTimeout(say, (seconds - SOON) * 1000, false), setTimeout(say, seconds * 1000, true)];
  return say;
}

if (idle) {
  const say = rest();
  idle.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/role", { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (answer?.ok) rest();
    else say(true);
  });
}

// --- single keys ------------------------------------------------------------------------------
// An element says its key itself, by aria-keyshortcuts. In lists, marked by data-row, J and K go
// from row to row, O opens, X ticks.

const rows = [...document.querySelectorAll("[data-row]")];
const typing = "input:not([type=checkbox]):not([type=radio]):not([type=submit]),textarea,select,[contenteditable]";

function row(step) {
  const here = rows.findIndex((one) => one.closest("tr")?.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

function inRow(act) {
  const tr = document.activeElement?.closest("tr");
  const link = tr && rows.find((one) => tr.contains(one));
  if (!link) return false;
  act(link, tr);
  return true;
}

const keys = {
  j: () => rows.length > 0 && row(1),
  k: () => rows.length > 0 && row(-1),
  o: () => inRow((link) => link.click()),
  x: () => inRow((_, tr) => tr.querySelector("input[type=checkbox]")?.click()),
  "/": () => {
    const find = document.querySelector("[role=search] input");
    if (!find || !find.offsetParent) return false;
    find.focus();
    return true;
  },
};

function act(key) {
  const marked = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
    (one) => one.getAttribute("aria-keyshortcuts").toLowerCase() === key && one.offsetParent,
  );
  if (!marked) return keys[key]?.() ?? false;
  marked.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (body.dataset.shortcuts === "off" || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // An input method that composes sends keys of its own.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.target instanceof Element && event.target.closest(typing)) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});
