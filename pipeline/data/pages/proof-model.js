"use strict";
// The book as the page knows it: lines, turns, roles and corrections. It touches no element.

const COMMAND_KEYS = "ajkpsudw";
const ROLE_KEYS = [..."123456789", ..."bcefghilmoqrtvxyz"];

class Model {
  constructor(state) {
    this.version = state.version;
    this.lines = Object.keys(state.lines).map((index) => state.lines[index]);
    this.starts = state.starts || [];
    this.numbers = new Map(state.names.map((name, number) => [name, number]));
    this.undone = [];
    this.take(state);
  }

  // Take over what has changed; returns the indices of the lines that did.
  take(changes) {
    this.version = Math.max(this.version, changes.version);
    const changed = Object.keys(changes.lines || {}).map(Number);
    for (const index of changed) this.lines[index] = changes.lines[index];
    if (changes.roles) {
      this.roles = changes.roles;
      for (const { name } of this.roles)
        if (!this.numbers.has(name)) this.numbers.set(name, this.numbers.size);
    }
    if (changes.doubts) this.doubts = changes.doubts;
    if (changes.render) this.render = changes.render;
    return changed;
  }

  // Keys of roles: 1 to 9, then letters; n is the narrator, 0 nobody known.
  get keys() {
    const keys = new Map();
    const free = [...ROLE_KEYS];
    for (const { name } of this.roles) {
      const key = name === "narrator" ? "n" : name === "unknown" ? "0" : free.shift();
      if (key) keys.set(name, key);
    }
    return keys;
  }

  number(name) {
    if (!this.numbers.has(name)) this.numbers.set(name, this.numbers.size);
    return this.numbers.get(name);
  }

  correction(index) {
    const line = this.lines[index];
    if (!line.decided && !line.pronunciations) return null;
    return this.asCorrection(line, Boolean(line.decided));
  }

  asCorrection(line, decided) {
    return {
      speaker: line.s,
      delivery: line.delivery || null,
      pronunciations: line.pronunciations || {},
      decided,
    };
  }

  // The speeches of one person in the paragraph of a line.
  turn(index) {
    const { s } = this.lines[index];
    const own = [];
    let first = index;
    while (first > 0 && !this.lines[first - 1].ends) first -= 1;
    for (let at = first; at < this.lines.length; at += 1) {
      if (this.lines[at].speech) {
        if (this.lines[at].s === s) own.push(at);
        else if (own.includes(index)) break;
        else own.length = 0;
      }
      if (this.lines[at].ends) break;
    }
    return own.includes(index) ? own : [index];
  }

  // The turn before or after a line in its chapter; null at the end of that.
  neighbour(index, step) {
    const turn = this.turn(index);
    let at = (step < 0 ? turn[0] : turn.at(-1)) + step;
    while (this.inSameChapter(at, index)) {
      if (this.lines[at].speech && !turn.includes(at)) return this.turn(at);
      at += step;
    }
    return null;
  }

  inSameChapter(at, index) {
    if (at < 0 || at >= this.lines.length) return false;
    const [low, high] = [Math.min(at, index), Math.max(at, index)];
    return !this.starts.some((start) => start > low && start <= high);
  }

  // The turns of an exchange between two people, from the turn of a line on or on both sides.
  exchange(index, both) {
    const turn = this.turn(index);
    const own = this.lines[index].s;
    const others = [this.neighbour(index, 1), this.neighbour(index, -1)]
      .filter((other) => other && this.lines[other[0]].s !== own);
    if (!others.length) return null;
    const other = this.lines[others[0][0]].s;
    const turns = [turn];
    for (const step of both ? [1, -1] : [1]) {
      let next = this.neighbour(index, step);
      while (next && [own, other].includes(this.lines[next[0]].s) && !this.lines[next[0]].decided) {
        turns.push(next);
        next = this.neighbour(next[0], step);
      }
    }
    return { own, other, turns };
  }
}
