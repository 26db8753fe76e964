"use strict";
// Where corrections go: to the server that the page came from, or into a script to download.

class ServedBackend {
  constructor() {
    this.pending = Promise.resolve();
  }

  // One request after another, so that each knows the version that the one before led to.
  post(action, body, seen) {
    const request = async () => {
      const response = await fetch(action, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...body, seen: seen() }),
      }).catch(() => { throw new Error("fullcast cannot be reached"); });
      if ([200, 409, 422].includes(response.status)) return response.json();
      throw new Error(await response.text());
    };
    this.pending = this.pending.then(request, request);
    return this.pending;
  }

  correct(edits, seen) {
    return this.post("correct", { lines: edits }, seen);
  }

  async changes(seen) {
    const response = await fetch(`changes?seen=${seen}&wait=20`);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  sound(index, version) {
    return { url: `line/${index}?v=${version}` };
  }
}

class FileBackend {
  constructor(state, model) {
    this.model = model;
    this.file = state.file;
    this.spans = state.spans;
    this.found = model.lines.map((line) => ({ ...line }));
    this.edits = {};
    this.key = `fullcast ${state.file.name} ${state.file.text.length}`;
  }

  // Corrections made before the page was loaded again, if the browser keeps any.
  remembered() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  }

  async correct(edits) {
    const lines = {};
    for (const [index, correction] of Object.entries(edits)) {
      if (correction) this.edits[index] = correction;
      else delete this.edits[index];
      lines[index] = this.corrected(index, correction);
    }
    try {
      localStorage.setItem(this.key, JSON.stringify(this.edits));
    } catch {
      // A browser that keeps nothing: the script can still be downloaded.
    }
    const { model } = this;
    const now = (index) => lines[index] || model.lines[index];
    const doubts = this.doubts().filter(([first]) => !now(first).decided);
    return { version: model.version + 1, lines, doubts };
  }

  doubts() {
    this.allDoubts = this.allDoubts || this.model.doubts;
    return this.allDoubts;
  }

  corrected(index, correction) {
    const found = this.found[index];
    if (!correction) return found;
    const { speaker, delivery, pronunciations, decided } = correction;
    const line = { ...found, s: speaker, delivery: delivery || undefined };
    line.pronunciations = Object.keys(pronunciations).length ? pronunciations : undefined;
    return decided ? { ...line, decided, why: ["corrected by hand"], confidence: 1 } : line;
  }

  sound(index) {
    const span = this.spans[index];
    return span ? { span } : null;
  }

  // The script with its corrections: cues, deliveries and notes, and marks in its record.
  script() {
    const rows = this.file.text.split("\n");
    const decided = new Set();
    for (const [index, correction] of Object.entries(this.edits)) {
      const at = this.file.rows[index];
      if (correction.decided) decided.add(Number(index));
      this.writeLine(rows, at, this.found[index], correction);
    }
    return this.withMarks(rows, decided).filter((row) => row !== null).join("\n");
  }

  writeLine(rows, at, found, correction) {
    const notes = Object.entries(correction.pronunciations).map(([w, p]) => `${w}=${p}`);
    let text = rows[at].replace(/ \[\[lexicon:[^\]]*\]\]/, "");
    if (notes.length) text += ` [[lexicon: ${notes.join(", ")}]]`;
    if (correction.decided && found.speech) {
      if (rows[at + 1] !== undefined && /^\[\[\?.*\]\]$/.test(rows[at + 1])) rows[at + 1] = null;
      const hasDelivery = /^\(.*\)$/.test(rows[at - 1]);
      const cue = hasDelivery ? at - 2 : at - 1;
      const name = correction.speaker.replace(/\\|\[(?=\[)|\/(?=\*)/g, (m) => (m === "\\" ? "\\\\" : `${m}\\`));
      rows[cue] = `@${name.replace(/[(^]/g, "\\$&")}`;
      if (hasDelivery) rows[at - 1] = null;
      if (correction.delivery) text = `(${correction.delivery})\n${text}`;
    } else if (correction.decided) {
      text = text.replace(/ \[\[delivery:[^\]]*\]\]/, "");
      if (correction.delivery) text += ` [[delivery: ${correction.delivery}]]`;
    }
    rows[at] = text;
  }

  // The record has a word for each line; `!` in it says that a person decided.
  withMarks(rows, decided) {
    const head = rows.findLastIndex((row) => row && row.startsWith("/* fullcast:"));
    let index = 0;
    for (let at = head + 2; at < rows.length && rows[at] !== "*/"; at += 1) {
      rows[at] = rows[at].split(" ").map((entry) => {
        const mark = decided.has(index) && !entry.includes("!");
        index += 1;
        return mark ? entry.replace(/\.?$/, (end) => `!${end}`) : entry;
      }).join(" ");
    }
    return rows;
  }
}
