"use strict";
// What a button plays: spans of the one audio, in seconds, one after another.
{
const sound = document.getElementById("sound");
let on = null, left = [];
function stop() {
  sound.pause();
  if (on) on.classList.remove("on");
  on = null;
  left = [];
}
function next() {
  if (!left.length) return stop();
  sound.currentTime = Math.max(0, left[0][0] - 0.05);
  sound.play();
}
function watch() {
  if (left.length && sound.currentTime >= left[0][1] + 0.15) {
    left.shift();
    next();
  }
  if (on) requestAnimationFrame(watch);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-play]");
  if (!button) return;
  const again = button === on;
  stop();
  if (again) return;
  on = button;
  on.classList.add("on");
  left = button.dataset.play.split(" ").map((span) => span.split(",").map(Number));
  next();
  requestAnimationFrame(watch);
});
sound.addEventListener("ended", stop);
}
