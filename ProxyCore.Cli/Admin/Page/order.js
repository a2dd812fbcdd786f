// The order of rows that are sorted anew each second.

const patience = 5000;

/** Knows whether somebody is about to press something in an element: then its rows must not move. */
export class Stillness {
  #element;
  #moved = -Infinity;

  constructor(element) {
    this.#element = element;
    element.addEventListener('pointermove', () => { this.#moved = performance.now(); }, { passive: true });
  }

  /** The keyboard is in it, or the pointer has moved over it in the last seconds and is still there. */
  get holds() {
    return this.#element.contains(document.activeElement)
      || (performance.now() - this.#moved < patience && this.#element.matches(':hover'));
  }
}

/** The keys as they are wanted; while nothing may move, in the order of before, and new ones at the end. */
export function arrange(wanted, before, holds) {
  if (!holds) {
    return wanted;
  }

  const now = new Set(wanted);
  const stay = before.filter(key => now.has(key));
  const old = new Set(stay);
  return [...stay, ...wanted.filter(key => !old.has(key))];
}
