// The loops: what each does, and how much of its time.

import { KeptChildren, fill } from './dom.js';
import { count, percent, perSecond, shortTime } from './format.js';

export class Loops {
  #rows;

  constructor(history) {
    this.#rows = new KeptChildren(document.getElementById('loops'), 'loop-template', (row, loop) => {
      const rate = figure => history.rate(snapshot => snapshot.loops.find(other => other.number === loop.number)?.[figure]);
      fill(row, {
        number: loop.number,
        connections: count(loop.connections),
        selects: perSecond(rate('selects')),
        watched: count(loop.watched),
        parked: count(loop.parked),
        busy: percent(Math.min(1, rate('busySeconds'))),
        longest: shortTime(loop.longestTurnSeconds),
      });
    });
  }

  show(snapshot) {
    this.#rows.show(snapshot.loops.map(loop => [loop.number, loop]));
  }
}
