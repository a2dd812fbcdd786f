// The plots of the traffic: the last minutes second by second, or the last hour.

import { bytesPerSecond, count, perSecond } from './format.js';
import { keep, kept } from './kept.js';
import { Plot } from './plots.js';

const choice = 'plots';
const figures = {
  'plot-connections': { title: 'New connections', format: perSecond, least: 1, series: [{ of: point => point.accepted }] },
  'plot-bytes': {
    title: 'Bytes to', format: bytesPerSecond, least: 1000,
    series: [{ name: 'clients', of: point => point.toClients }, { name: 'upstreams', of: point => point.toUpstreams }],
  },
  'plot-open': { title: 'Open connections', format: count, least: 2, series: [{ of: point => point.open }] },
};

export class Traffic {
  #history;
  #plots = Object.entries(figures).map(([id, settings]) => new Plot(document.getElementById(id), settings));
  #buttons = [...document.querySelectorAll('#range button')];
  #isHour = kept(choice, 'minutes') === 'hour';
  #drawn = null;

  constructor(history) {
    this.#history = history;
    for (const button of this.#buttons) {
      button.addEventListener('click', () => this.#choose(button.value));
    }

    this.#showChoice();
  }

  show() {
    const points = this.#isHour ? this.#history.hour : this.#history.points;

    // The hour has a point each five seconds: between two there is nothing to draw.
    if (points.at(-1) !== this.#drawn) {
      this.#drawn = points.at(-1);
      this.#plots.forEach(plot => plot.draw(points, this.#isHour ? 60 : 3));
    }
  }

  #choose(value) {
    keep(choice, value);
    this.#isHour = value === 'hour';
    this.#drawn = null;
    this.#showChoice();
    this.show();
  }

  #showChoice() {
    for (const button of this.#buttons) {
      button.setAttribute('aria-pressed', String((button.value === 'hour') === this.#isHour));
    }
  }
}
