"use strict";
// The page: it shows the model, and turns keys and clicks into corrections.
{
const $ = (id) => document.getElementById(id);
const state = JSON.parse($("state").textContent);
const model = new Model(state);
const served = !state.file;
const backend = served ? new ServedBackend() : new FileBackend(state, model);
const sound = $("sound");
const HUES = 8, STYLES = 5;
const undoStack = [];
let now = null; // the index of the line that is selected
let docked = null; // the index of the line that the dock shows
let playing = null; // the index of the line that is heard
let playOn = false;
let stopAt = Infinity;
const seen = () => model.version;
const spanOf = (index) => $(`l${index}`);
const percent = (share) => `${Math.round(100 * share)}%`;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function hue(name) {
  if (name === "narrator" || name === "unknown") return "h8 o1";
  const number = model.number(name);
  return `h${number % HUES} o${Math.floor(number / HUES) % STYLES}`;
}

// It stays as long as it is true: a passing message could be missed, and work lost.
function showLost(lost) {
  $("lost").hidden = !lost;
}

let toastTimer;
function tell(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").classList.remove("on"), 6000);
}

// The text

function paintLine(index) {
  const line = model.lines[index];
  if (!line.speech) return;
  const span = spanOf(index);
  const before = model.lines[index - 1];
  const same = before && !before.ends && before.speech && before.s === line.s;
  const doubt = !line.decided && line.confidence < 0.9;
  span.className = ["line speech", hue(line.s), same && "same", doubt && "doubt",
    line.decided && "decided", line.taught && "taught", index === now && "now",
    index === playing && "playing"].filter(Boolean).join(" ");
  span.dataset.who = line.delivery ? `${line.s} (${line.delivery})` : line.s;
}

function paintLines(indices) {
  for (const index of indices) {
    paintLine(index);
    if (index + 1 < model.lines.length) paintLine(index + 1);
  }
}

// The lists

function paintDoubts() {
  const left = model.doubts.length;
  $("tab-doubts").textContent = `Doubts (${left})`;
  $("no-doubts").hidden = left > 0;
  const speeches = model.lines.filter((line) => line.speech);
  const decided = speeches.filter((line) => line.decided).length;
  $("progress").textContent = `${left} ${left === 1 ? "doubt" : "doubts"} left · ${decided} of ${speeches.length} speeches set by you`;
  $("queue").replaceChildren(...model.doubts.slice(0, 200).map(([index]) => {
    const line = model.lines[index];
    const found = (line.candidates || []).slice(0, 3).map(([n, p]) => `${n} ${percent(p)}`);
    const button = element("button", { type: "button" },
      element("span", { className: "text", textContent: spanOf(index).textContent }),
      element("small", { textContent: found.join(", ") || "nobody was found" }));
    button.dataset.line = index;
    if (index === now) button.setAttribute("aria-current", "true");
    return element("li", {}, button);
  }));
}

// Nothing is repainted under the hands of somebody who writes there, unless it is their own change.
function paintRoles(own = false) {
  const shown = JSON.stringify(model.roles);
  const writing = $("roles").contains(document.activeElement) && document.activeElement.matches("input, select");
  if (shown === paintRoles.shown || (writing && !own)) return;
  paintRoles.shown = shown;
  const keys = model.keys;
  const most = Math.max(1, ...model.roles.map((role) => role.share));
  const opened = new Set([...$("roles").querySelectorAll("details[open]")].map((d) => d.dataset.name));
  $("roles").replaceChildren(...model.roles.map((role) => {
    const bar = element("i");
    bar.style.width = `${100 * role.share / most}%`;
    const doubts = role.doubts ? ` · ${role.doubts} ${role.doubts === 1 ? "doubt" : "doubts"}` : "";
    const key = keys.get(role.name);
    const item = element("li", { className: `role ${hue(role.name)}` },
      element("span", { className: `swatch ${hue(role.name)}` }),
      element("b", { textContent: role.name }),
      key ? element("kbd", { textContent: key }) : "",
      element("div", { className: "bar" }, bar),
      element("small", { textContent: `${role.lines} ${role.lines === 1 ? "line" : "lines"} · ${role.share}% · ${role.minutes} min${doubts}` }),
      element("small", { textContent: role.voice }));
    if (served && role.cast) item.append(roleSettings(role, opened.has(role.name)));
    return item;
  }));
  const names = model.roles.map(({ name }) => element("option", { value: name, textContent: name }));
  $("speaker").replaceChildren(...names);
}

function roleSettings(role, open) {
  const details = element("details", { open }, element("summary", { textContent: "Change" }));
  details.dataset.name = role.name;
  if (open) fillRole(details, role);
  else details.addEventListener("toggle", () => fillRole(details, role), { once: true });
  return details;
}

function field(label, control) {
  return element("label", {}, label, control);
}

function fillRole(details, role) {
  const engine = element("select", { name: "engine", onchange: () => fillVoices(voices, role, engine.value) },
    ...state.engines.map((name) => element("option", { value: name, textContent: name, selected: name === role.engine })));
  const voices = element("select", { name: "voice" });
  const voice = element("form", { onsubmit: (event) => {
    event.preventDefault();
    cast("voice", { name: role.name, voice: `${engine.value}:${voices.value}` });
  } }, field("Engine", engine), field("Voice", voices),
  element("span", {},
    element("button", { type: "button", textContent: "▶ Hear", onclick: () => audition(role, `${engine.value}:${voices.value}`) }),
    element("button", { textContent: "Give" })));
  details.append(voice);
  if (role.name !== "narrator") {
    const name = element("input", { value: role.name, maxLength: 80 });
    const rename = element("form", { onsubmit: (event) => {
      event.preventDefault();
      cast("rename", { name: role.name, new: name.value });
    } }, field("Name", name), element("button", { textContent: "Rename" }));
    const others = model.roles.filter((other) => other.cast && other.name !== role.name && other.name !== "narrator");
    const into = element("select", {}, ...others.map((o) => element("option", { value: o.name, textContent: o.name })));
    const merge = element("form", { onsubmit: (event) => {
      event.preventDefault();
      cast("merge", { name: role.name, into: into.value });
    } }, field("Is the same as", into), element("button", { textContent: "Merge" }));
    details.append(rename, merge);
  }
  fillVoices(voices, role, role.engine);
}

async function fillVoices(voices, role, engine) {
  voices.replaceChildren();
  voices.dataset.engine = engine;
  const response = await fetch(`voices?engine=${encodeURIComponent(engine)}`);
  if (!response.ok) return tell(await response.text());
  const offered = await response.json();
  if (voices.dataset.engine !== engine) return; // another was chosen meanwhile
  const own = engine === role.engine ? role.voice.slice(engine.length + 1).split(",")[0] : null;
  if (own !== null && !offered.some((v) => v.id === own)) offered.unshift({ id: own, about: "" });
  if (!offered.length) tell(`${engine} has no voice installed: fullcast voices install ${engine}`);
  voices.replaceChildren(...offered.map((v) => element("option", { value: v.id, textContent: v.about ? `${v.id} – ${v.about}` : v.id, selected: v.id === own })));
}

function audition(role, voice) {
  playing = null;
  stopAt = Infinity;
  play(`audition?name=${encodeURIComponent(role.name)}&voice=${encodeURIComponent(voice)}`);
}

// The line

function select(index, scroll = true) {
  const former = now;
  now = index;
  if (former !== null) spanOf(former).classList.remove("now");
  const span = spanOf(index);
  paintBlock(span.closest(".block"));
  span.classList.add("now");
  if (scroll) span.scrollIntoView({ block: "center" });
  for (const button of $("queue").querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
  const queued = $("queue").querySelector(`[data-line="${model.turn(index)[0]}"]`);
  if (queued) {
    queued.setAttribute("aria-current", "true");
    queued.scrollIntoView({ block: "nearest" });
  }
  paintDock();
}

function paintDock() {
  const line = now === null ? null : model.lines[now];
  const written = docked === now ? document.activeElement : null; // news must not replace it
  for (const control of $("dock").querySelectorAll("[data-do=accept], [data-do=swap], #speaker")) control.disabled = !line || !line.speech;
  for (const control of $("dock").querySelectorAll("#delivery, #word, #sounds, #sound-of button, [data-do=play]")) control.disabled = !line;
  $("dock").querySelector("[data-do=undo]").disabled = !undoStack.length;
  $("dock").querySelector("[data-do=play]").disabled = !line || !backend.sound(now, 0);
  if (!line) {
    $("who").replaceChildren(element("p", { textContent: "Choose a line, or press j for the first doubt." }));
    return;
  }
  $("speaker").value = line.s;
  if (written !== $("delivery")) $("delivery").value = line.delivery || "";
  if (docked !== now) listWords();
  if (written !== $("sounds")) showSounds();
  docked = now;
  $("who").replaceChildren(...evidence(line));
}

function listWords() {
  const words = [...new Set(spanOf(now).textContent.match(/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu) || [])];
  $("word").replaceChildren(...words.map((word) => element("option", { value: word, textContent: word })));
}

function showSounds() {
  const said = (now !== null && model.lines[now].pronunciations) || {};
  $("sounds").value = said[$("word").value] || "";
}

function evidence(line) {
  if (!line.speech) return [element("p", { textContent: "Narration, read by the narrator." })];
  const keys = model.keys;
  const listed = line.candidates || [[line.s, line.confidence ?? 1]];
  const known = listed.some(([name]) => name === line.s) ? listed : [[line.s, line.confidence ?? 0], ...listed];
  const buttons = known.map(([name, probability]) => {
    const bar = element("i");
    bar.style.width = percent(probability).replace(/\s/, "");
    const button = element("button", { type: "button", className: `candidate ${hue(name)}` },
      element("b", { textContent: name }), line.decided ? " set by you" : ` ${percent(probability)}`, bar);
    if (keys.get(name)) button.append(element("kbd", { textContent: keys.get(name) }));
    button.setAttribute("aria-pressed", String(name === line.s));
    button.dataset.speaker = name;
    return button;
  });
  const why = (line.why || []).join("; ");
  const reason = line.taught ? `changed with a correction nearby${why ? `: ${why}` : ""}` : why;
  const because = reason ? `Because: ${reason}.` : "Nothing in the text says who speaks.";
  return [element("div", { className: "candidates" }, ...buttons),
    element("p", { textContent: line.decided ? "Set by you." : because })];
}

// Corrections

function take(changes) {
  paintLines(model.take(changes));
  for (const text of changes.messages || []) tell(text);
  if (changes.render) paintRender(changes.render);
  if (changes.doubts) paintDoubts();
  if (changes.roles) paintRoles();
  paintDock();
}

async function correct(edits, isUndo) {
  const former = Object.fromEntries(Object.keys(edits).map((index) => [index, model.correction(index)]));
  try {
    const changes = await backend.correct(edits, seen);
    take(changes);
    if (changes.conflict) {
      tell("Another tab had set this line: it is shown now, and yours was not saved. Set it again if you are sure.");
      return false;
    }
    if (changes.error) {
      tell(changes.error);
      return false;
    }
    if (!isUndo) undoStack.push({ edits: former, at: now });
    paintDock();
    return true;
  } catch (error) {
    tell(`Not saved: ${error.message}`);
    return false;
  }
}

const CAST_CHANGES = {
  voice: ({ name }) => `${name} has another voice`,
  rename: ({ name, new: other }) => `${name} is ${other} now`,
  merge: ({ name, into }) => `${name} is ${into} now`,
  add: ({ name }) => `${name} is in the cast`,
  "undo-cast": () => "Undone: the last change of the cast",
};

async function cast(action, body, isUndo = false) {
  try {
    const changes = await backend.post(action, body, seen);
    take(changes);
    if (changes.error) return tell(changes.error);
    paintRoles(action !== "voice"); // somebody may have begun to write a name meanwhile
    tell(CAST_CHANGES[action](body));
    if (!isUndo) undoStack.push({ cast: true });
    paintDock();
  } catch (error) {
    tell(`Not saved: ${error.message}`);
  }
}

function withSpeaker(indices, speaker) {
  return Object.fromEntries(indices.map((index) => [index, { ...model.asCorrection(model.lines[index], true), speaker }]));
}

async function setSpeaker(name) {
  if (now === null || !model.lines[now].speech) return;
  const index = now;
  if (await correct(withSpeaker(model.turn(index), name)) && served) play(backend.sound(index, model.version).url, index);
}

async function accept() {
  if (now === null || !model.lines[now].speech) return;
  if (await correct(withSpeaker(model.turn(now), model.lines[now].s))) step(1);
}

async function swap(both) {
  if (now === null || !model.lines[now].speech) return;
  const exchange = model.exchange(now, both);
  if (!exchange) return tell("No other speaker is next to this line.");
  const edits = {};
  for (const turn of exchange.turns) {
    const speaker = model.lines[turn[0]].s === exchange.own ? exchange.other : exchange.own;
    Object.assign(edits, withSpeaker(turn, speaker));
  }
  if (await correct(edits)) tell(`${exchange.own} and ${exchange.other} swapped in ${exchange.turns.length} turns`);
}

async function undo() {
  const last = undoStack.pop();
  if (!last) return;
  if (last.cast) {
    await cast("undo-cast", {}, true);
  } else if (!await correct(last.edits, true)) {
    undoStack.push(last);
  } else {
    tell("Undone: the last correction");
    if (last.at !== null) select(last.at);
  }
}

function setDelivery() {
  if (now === null) return;
  const delivery = $("delivery").value.trim() || null;
  const line = model.lines[now];
  if ((line.delivery || null) === delivery) return;
  const index = now;
  correct({ [index]: { ...model.asCorrection(line, true), delivery } }).then((saved) => saved && hear(index));
}

function setSound(event) {
  event.preventDefault();
  if (now === null) return;
  const line = model.lines[now];
  const pronunciations = { ...line.pronunciations };
  const said = $("sounds").value.trim();
  if (said) pronunciations[$("word").value] = said;
  else delete pronunciations[$("word").value];
  const index = now;
  correct({ [index]: { ...model.asCorrection(line, Boolean(line.decided)), pronunciations } }).then((saved) => saved && hear(index));
}

// Moving about

function step(by) {
  const order = model.doubts.map(([first]) => first);
  if (!order.length) return tell("No doubts are left.");
  const at = now === null ? -1 : order.indexOf(model.turn(now)[0]);
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : at + by;
  select(order[Math.min(order.length - 1, Math.max(0, next))]);
}

function move(by) {
  let at = (now === null ? -1 : now) + by;
  while (at >= 0 && at < model.lines.length && !model.lines[at].speech) at += by;
  if (at >= 0 && at < model.lines.length) select(at);
}

// Sound

function hear(index) {
  const heard = backend.sound(index, model.version);
  if (!heard) return;
  if (heard.url) return play(heard.url, index);
  mark(index);
  [sound.currentTime, stopAt] = heard.span;
  start();
}

function play(url, index = null) {
  mark(index);
  stopAt = Infinity;
  sound.src = url;
  start();
}

function start() {
  sound.play().catch((error) => error.name === "AbortError" || tell("This line cannot be played: its voice failed, or fullcast has ended."));
}

function mark(index) {
  const former = playing;
  playing = index;
  for (const at of [former, index]) if (at !== null && model.lines[at]) spanOf(at).classList.toggle("playing", at === playing);
}

function stop() {
  sound.pause();
  playOn = false;
  mark(null);
}

function ended() {
  const last = playing;
  mark(null);
  if (!playOn || last === null || last + 1 >= model.lines.length) return;
  select(last + 1);
  hear(last + 1);
}

function toggle(on) {
  if (now === null) return;
  if (playing !== null) return stop();
  playOn = on;
  hear(now);
}

sound.addEventListener("ended", ended);
sound.addEventListener("timeupdate", () => {
  if (sound.currentTime < stopAt) return;
  stopAt = Infinity;
  sound.pause();
  ended();
});

// The render

function paintRender(render) {
  const button = $("render");
  button.disabled = render.running;
  button.textContent = render.running ? `Rendering ${percent(render.done)}` : "Render the book";
  $("rendered").hidden = !render.running;
  $("rendered").value = render.done || 0;
  const outcome = render.error || (render.result && `Rendered: ${render.result}`);
  if (outcome && outcome !== paintRender.told) tell(outcome);
  if (!render.running) paintRender.told = outcome;
}

// Keys and clicks

const commands = {
  play: () => toggle(false),
  accept,
  swap: () => swap(false),
  undo,
  previous: () => step(-1),
  next: () => step(1),
};
const keys = {
  j: commands.next, k: commands.previous, a: accept, u: undo, s: commands.swap, S: () => swap(true),
  p: () => toggle(true), " ": commands.play, ArrowDown: () => move(1), ArrowUp: () => move(-1),
  d: () => $("delivery").focus(), w: () => $("word").focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return document.activeElement.blur();
  if (event.key === "Enter" && event.target.id === "delivery") event.target.blur();
  const inField = event.target.closest("input, select, #figures");
  const onButton = event.target.closest("button, summary") && [" ", "Enter", "ArrowUp", "ArrowDown"].includes(event.key);
  if (inField || onButton) return;
  const role = [...model.keys].find(([, key]) => key === event.key);
  const action = keys[event.key] || (role && (() => setSpeaker(role[0])));
  if (!action) return;
  event.preventDefault();
  action();
});

$("text").addEventListener("click", (event) => {
  const span = event.target.closest(".line");
  if (!span || String(getSelection())) return;
  stop();
  select(Number(span.id.slice(1)), false);
  hear(now);
});
$("queue").addEventListener("click", (event) => {
  const button = event.target.closest("[data-line]");
  if (button) select(Number(button.dataset.line));
});
$("who").addEventListener("click", (event) => {
  const button = event.target.closest("[data-speaker]");
  if (button) setSpeaker(button.dataset.speaker);
});
$("dock").addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) commands[button.dataset.do]();
});
$("speaker").addEventListener("change", () => {
  setSpeaker($("speaker").value);
  $("speaker").blur(); // so that keys are commands again
});
$("delivery").addEventListener("change", setDelivery);
$("word").addEventListener("change", showSounds);
$("sound-of").addEventListener("submit", setSound);
$("render").addEventListener("click", () => backend.post("render", {}, seen).then(take, (error) => tell(error.message)));
$("add-role").addEventListener("submit", (event) => {
  event.preventDefault();
  cast("add", { name: event.target.elements.name.value });
  event.target.reset();
});
$("download").addEventListener("click", () => {
  const link = element("a", { href: URL.createObjectURL(new Blob([backend.script()], { type: "text/plain" })), download: state.file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

$("roles").addEventListener("focusout", (event) => {
  if (!$("roles").contains(event.relatedTarget)) setTimeout(() => paintRoles()); // a button there is still needed
});

const tabs = [...document.querySelectorAll("[role=tab]")];
function openTab(tab) {
  const aside = tab.closest("aside");
  const again = tab.getAttribute("aria-selected") === "true" && aside.classList.contains("open");
  aside.classList.toggle("open", !again);
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
    $(other.getAttribute("aria-controls")).hidden = other !== tab;
  }
}
for (const tab of tabs) {
  tab.addEventListener("click", () => openTab(tab));
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    openTab(next);
    next.focus();
  });
}

// News: what other tabs, the attribution and the render have changed.
async function listen() {
  for (;;) {
    try {
      const changes = await backend.changes(model.version);
      showLost(false);
      if (changes.version > model.version) take(changes);
    } catch {
      showLost(true);
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }
}

// Lines are painted when they come near the screen: a novel has thousands.
function paintBlock(block) {
  if (block.dataset.painted) return;
  block.dataset.painted = "true";
  for (let index = Number(block.dataset.first); index <= block.dataset.last; index += 1) paintLine(index);
}
const nearby = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) paintBlock(entry.target);
}, { root: $("text"), rootMargin: "1500px" });
for (const block of document.querySelectorAll(".block")) {
  block.style.containIntrinsicSize = `auto ${26 * block.dataset.rows}px`;
  nearby.observe(block);
}
paintRoles();
paintDoubts();
paintDock();
if (served) {
  paintRender(model.render);
  listen();
} else {
  const remembered = backend.remembered();
  if (Object.keys(remembered).length) correct(remembered, true);
}
$("more").open = matchMedia("(min-width: 50.01rem)").matches;
document.documentElement.dataset.ready = "true";
}
