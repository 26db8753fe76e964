"use strict";
// The player: it plays the chapters one after another, and lights the phrase that is heard.
{
const $ = (id) => document.getElementById(id);
const state = JSON.parse($("state").textContent);
const chapters = state.chapters;
const sound = $("sound");
const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const SLEEP = [["off", "off"], ["5", "5 min"], ["15", "15 min"], ["30", "30 min"], ["45", "45 min"], ["60", "1 h"], ["chapter", "end of chapter"]];
const STEP = 15; // seconds
const HUES = 8;
const FADE = 5; // seconds in which the sound fades before it sleeps
let chapter = 0;
let phrase = -1;
let sleepAt = Infinity; // by performance.now()
let touched = -Infinity; // when the reader last scrolled
let wanted = null; // the position to take once the audio of a chapter is there, in seconds
let seeking = false;
const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;

// What is kept between visits

const KEY = `fullcast:${state.book}`;
function kept() {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
}
function keep() {
  const place = { chapter, at: position(), speed: sound.playbackRate };
  try { localStorage.setItem(KEY, JSON.stringify(place)); } catch { /* nothing is kept */ }
}

// Time

const position = () => wanted ?? sound.currentTime;
const length = () => chapters[chapter].length / 1000;
function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}` : `${m}:${String(s).padStart(2, "0")}`;
}

// The last phrase that begins before a time in ms, or -1; it stays lit through the pause after it.
function phraseAt(ms) {
  const starts = chapters[chapter].starts;
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= ms) low = middle + 1; else high = middle;
  }
  return low - 1;
}

// What is shown

const spanOf = (number) => $(`p${chapter}-${number}`);
const hueOf = (number) => number ? `h${(number - 1) % HUES}` : "";

function light(number) {
  if (number === phrase) return;
  document.querySelector(".lit")?.setAttribute("class", "phrase");
  phrase = number;
  const speaker = number < 0 ? 0 : chapters[chapter].speakers[number];
  const hue = hueOf(speaker);
  $("speaker").textContent = state.speakers[speaker];
  $("speaker").className = hue;
  const span = spanOf(number);
  if (!span) return;
  span.setAttribute("class", `phrase lit ${hue}`.trim());
  if (performance.now() - touched > 4000) follow();
}

function follow() {
  const span = spanOf(phrase) || $(`c${chapter}`);
  const box = span.getBoundingClientRect(), around = $("text").getBoundingClientRect();
  const low = around.top + around.height * 0.15, high = around.top + around.height * 0.6;
  if (box.top >= low && box.bottom <= high) return;
  const far = Math.abs(box.top - low) > around.height * 2;
  span.scrollIntoView({ block: spanOf(phrase) ? "center" : "start", behavior: smooth && !far ? "smooth" : "auto" });
}

function showTime() {
  const now = position();
  $("time").textContent = clock(now);
  $("left").textContent = `-${clock((length() - now) / sound.playbackRate)}`;
  if (!seeking) $("seek").value = now;
  $("seek").setAttribute("aria-valuetext", `${clock(now)} of ${clock(length())}`);
}

function showPlaying() {
  $("play").textContent = sound.paused ? "▶\ufe0e" : "❚❚";
  $("play").setAttribute("aria-label", sound.paused ? "Play" : "Pause");
}

function showChapter() {
  $("where").textContent = chapters[chapter].title;
  $("seek").max = Math.ceil(length());
  for (const button of document.querySelectorAll("#contents button")) {
    if (Number(button.dataset.chapter) === chapter) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({
    title: chapters[chapter].title, artist: state.author, album: state.title });
}

let statusTimer;
function tell(text) {
  $("status").textContent = text;
  $("status").classList.add("on");
  clearTimeout(statusTimer);
  statusTimer = setTimeout(() => $("status").classList.remove("on"), 2500);
}

// Moving

function open(number, at, play) {
  const isNew = number !== chapter || !sound.src;
  chapter = number;
  if (isNew) {
    document.querySelector(".lit")?.setAttribute("class", "phrase");
    phrase = -2;
    wanted = at;
    if (sound.src.startsWith("blob:")) URL.revokeObjectURL(sound.src);
    sound.src = encodeURI(chapters[number].audio);
    showChapter();
  } else if (sound.readyState > 0) {
    sound.currentTime = at;
  } else {
    wanted = at;
  }
  light(phraseAt(at * 1000));
  showTime();
  keep();
  if (play) start();
}

// A server that sends no parts of a file lets nobody seek in it: the chapter is fetched whole.
async function fetchWhole() {
  const number = chapter, play = !sound.paused;
  try {
    const blob = await (await fetch(encodeURI(chapters[number].audio))).blob();
    if (number !== chapter || sound.src.startsWith("blob:")) return;
    sound.src = URL.createObjectURL(blob);
    if (play) start();
  } catch { tell("This server does not let you move within a chapter"); }
}

function isSeekable() {
  const end = sound.seekable.length ? sound.seekable.end(sound.seekable.length - 1) : 0;
  return end > 0 || !location.protocol.startsWith("http");
}

function start() {
  const speed = Number($("speed").value);
  sound.defaultPlaybackRate = sound.playbackRate = speed;
  sound.play().catch((error) => {
    if (error.name === "AbortError") return;
    tell(error.name === "NotAllowedError" ? "Press play to listen" : "The audio of this chapter cannot be played");
  });
}

function goTo(seconds) {
  touched = -Infinity;
  if (seconds < 0 && chapter > 0) {
    const before = chapter - 1;
    open(before, Math.max(0, chapters[before].length / 1000 + seconds), !sound.paused);
  } else if (seconds >= length() && chapter + 1 < chapters.length) {
    open(chapter + 1, 0, !sound.paused);
  } else {
    open(chapter, Math.min(Math.max(0, seconds), Math.max(0, length() - 0.1)), false);
  }
}

function toPhrase(number) {
  const starts = chapters[chapter].starts;
  if (number < 0) goTo(chapter > 0 ? -0.1 : 0);
  else if (number >= starts.length) goTo(length());
  else goTo(starts[number] / 1000);
}

function toChapter(number) {
  touched = -Infinity;
  if (number >= 0 && number < chapters.length) open(number, 0, !sound.paused);
}

function setSpeed(speed) {
  $("speed").value = String(speed);
  sound.defaultPlaybackRate = sound.playbackRate = speed;
  keep();
  showTime();
}

function changeSpeed(step) {
  const index = SPEEDS.indexOf(Number($("speed").value)) + step;
  if (index < 0 || index >= SPEEDS.length) return;
  setSpeed(SPEEDS[index]);
  tell(`Speed ${SPEEDS[index]}`);
}

function setSleep(choice) {
  $("sleep").value = choice;
  const minutes = Number(choice);
  sleepAt = minutes > 0 ? performance.now() + minutes * 60000 : Infinity;
  sound.volume = 1;
}

function nextSleep() {
  const index = SLEEP.findIndex(([value]) => value === $("sleep").value);
  const [value, label] = SLEEP[(index + 1) % SLEEP.length];
  setSleep(value);
  tell(`Sleep: ${label}`);
}

function sleepIfDue() {
  const left = (sleepAt - performance.now()) / 1000;
  if (left > FADE || sound.paused) return;
  sound.volume = Math.max(0, Math.min(1, left / FADE));
  if (left > 0) return;
  sound.pause();
  setSleep("off");
  tell("Asleep: press play to go on");
}

function showContents(open) {
  if (!open && $("contents").contains(document.activeElement)) $("show-chapters").focus();
  $("contents").hidden = !open;
  $("show-chapters").setAttribute("aria-expanded", String(open));
  if (open) $("contents").querySelector("[aria-current]")?.focus();
}

const actions = {
  toggle: () => sound.paused ? start() : sound.pause(),
  back: () => goTo(position() - STEP),
  ahead: () => goTo(position() + STEP),
  chapterBack: () => position() > 5 ? toChapter(chapter) : toChapter(chapter - 1),
  chapterAhead: () => toChapter(chapter + 1),
};

// Events

function frame() {
  if (sound.paused) return;
  light(phraseAt(position() * 1000));
  requestAnimationFrame(frame);
}

sound.addEventListener("loadedmetadata", () => {
  if (!isSeekable()) { fetchWhole(); return; }
  if (wanted !== null) { sound.currentTime = wanted; wanted = null; }
});
sound.addEventListener("play", () => { showPlaying(); requestAnimationFrame(frame); });
sound.addEventListener("pause", () => { showPlaying(); keep(); });
sound.addEventListener("seeked", () => light(phraseAt(position() * 1000)));
sound.addEventListener("timeupdate", () => {
  if (document.hidden) light(phraseAt(position() * 1000)); // no frames are drawn
  showTime();
  sleepIfDue();
});
sound.addEventListener("ended", () => {
  if ($("sleep").value === "chapter") {
    setSleep("off");
    if (chapter + 1 < chapters.length) open(chapter + 1, 0, false);
    showPlaying();
  } else if (chapter + 1 < chapters.length) {
    open(chapter + 1, 0, true);
  } else {
    showPlaying();
  }
});
sound.addEventListener("error", () => { showPlaying(); tell("The audio of this chapter cannot be played"); });
setInterval(() => { if (!sound.paused) keep(); }, 3000);
addEventListener("pagehide", keep);

for (const name of ["wheel", "touchmove", "pointerdown"]) {
  $("text").addEventListener(name, () => { touched = performance.now(); }, { passive: true });
}
$("text").addEventListener("click", (event) => {
  const span = event.target.closest(".phrase");
  if (!span || String(getSelection())) return;
  const [of, number] = span.id.slice(1).split("-").map(Number);
  touched = -Infinity;
  open(of, chapters[of].starts[number] / 1000, true);
});
$("player").addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do]();
});
$("contents").addEventListener("click", (event) => {
  const button = event.target.closest("[data-chapter]");
  if (!button) return;
  toChapter(Number(button.dataset.chapter));
  showContents(false);
});
$("show-chapters").addEventListener("click", () => showContents($("contents").hidden));
$("show-keys").addEventListener("click", () => $("keys").showModal());
$("seek").addEventListener("input", () => { seeking = true; $("time").textContent = clock($("seek").value); });
$("seek").addEventListener("change", () => { seeking = false; goTo(Math.min(Number($("seek").value), length() - 0.1)); });
$("speed").addEventListener("change", () => setSpeed(Number($("speed").value)));
$("sleep").addEventListener("change", () => setSleep($("sleep").value));

const keys = {
  " ": actions.toggle, ArrowLeft: actions.back, ArrowRight: actions.ahead,
  j: () => toPhrase(phrase + 1), k: () => toPhrase(phrase - 1),
  n: actions.chapterAhead, p: actions.chapterBack,
  "+": () => changeSpeed(1), "=": () => changeSpeed(1), "-": () => changeSpeed(-1),
  s: nextSleep, c: () => showContents($("contents").hidden),
  f: () => { touched = -Infinity; follow(); }, "?": () => $("keys").showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || $("keys").open) return;
  if (event.key === "Escape") { showContents(false); return; }
  const control = event.target.closest("select, input, button");
  if (control && (control.tagName !== "BUTTON" || event.key === " ")) return; // it has its own keys
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if ("mediaSession" in navigator) {
  const handlers = { play: start, pause: () => sound.pause(), seekbackward: actions.back, seekforward: actions.ahead,
    previoustrack: actions.chapterBack, nexttrack: actions.chapterAhead };
  for (const [name, act] of Object.entries(handlers)) {
    try { navigator.mediaSession.setActionHandler(name, act); } catch { /* this browser has no such key */ }
  }
}

// The beginning: where the reader was

$("speed").append(...SPEEDS.map((speed) => new Option(`${speed}×`, speed)));
$("sleep").append(...SLEEP.map(([value, label]) => new Option(label, value)));
for (const button of document.querySelectorAll("#contents button")) {
  button.querySelector("small").textContent = clock(chapters[button.dataset.chapter].length / 1000);
}
const before = kept();
const first = Number.isInteger(before.chapter) && chapters[before.chapter] ? before.chapter : 0;
const at = Number.isFinite(before.at) ? Math.min(Math.max(0, before.at), chapters[first].length / 1000) : 0;
$("speed").value = String(SPEEDS.includes(before.speed) ? before.speed : 1);
open(first, first === before.chapter ? at : 0, false);
}
