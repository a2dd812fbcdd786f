// A plot of the last minutes. It moves to the left by itself until the next snapshot is there.

import { fill, fromTemplate, setText } from './dom.js';
import { nothing } from './format.js';
import { shownTime } from './history.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 180;
const height = 100;
const stepTime = 1000;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Plot {
  #figure;
  #title;
  #format;
  #least;
  #group;
  #series;

  /** Series: [{ name, of }], of takes the figure from a point. Least: the smallest top of the axis. */
  constructor(figure, { title, format, least, series }) {
    figure.append(fromTemplate('plot-template'));
    this.#figure = figure;
    this.#title = title;
    this.#format = format;
    this.#least = least;
    this.#group = figure.querySelector('g');
    this.#series = series.map((one, index) => this.#prepare(one, index));
    fill(figure, { title });
  }

  draw(points, time) {
    const values = points.flatMap(point => this.#series.map(({ of }) => of(point))).filter(Number.isFinite);
    const most = roundUp(Math.max(this.#least, ...values));
    const mark = value => this.#format(value).replace(/\.0+(?!\d)/, '');
    fill(this.#figure, { most: mark(most), half: mark(most / 2) });
    for (const one of this.#series) {
      this.#drawOne(one, points, time, most);
    }

    this.#describe();
    this.#move(points);
  }

  #prepare({ name, of }, index) {
    const now = fromTemplate('plot-now-template').firstElementChild;
    const label = now.querySelector('.plot-name');
    const value = now.querySelector('.plot-value');
    label.dataset.series = index;
    label.hidden = !name;
    setText(label, name ?? '');
    setText(value, nothing);
    this.#figure.querySelector('.plot-now').append(now);
    return { name, of, value, area: this.#path('area', index), line: this.#path('line', index) };
  }

  #path(kind, index) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('class', kind);
    path.dataset.series = index;
    this.#group.append(path);
    return path;
  }

  #drawOne({ of, value, area, line }, points, time, most) {
    const runs = runsOf(points, of).map(run => run.map(point => [
      (width - (time - point.time) * width / shownTime).toFixed(2),
      (height - 0.5 - of(point) * (height - 4) / most).toFixed(2),
    ]));
    line.setAttribute('d', runs.map(lineThrough).join(''));
    area.setAttribute('d', runs.map(run => `${lineThrough(run)}V${height}H${run[0][0]}Z`).join(''));
    setText(value, this.#format(of(points.at(-1))));
  }

  #describe() {
    const now = this.#series.map(({ name, value }) => `${name ? `${name} ` : ''}${value.textContent}`).join(', ');
    this.#figure.querySelector('svg').setAttribute('aria-label', `${this.#title}, last 3 minutes. Now ${now}.`);
  }

  #move(points) {
    const step = points.length < 2 ? 0 : points.at(-1).time - points.at(-2).time;
    if (still.matches || step === 0 || step > 2 * stepTime) {
      return;
    }

    const distance = step * width / shownTime;
    this.#group.animate(
      [{ transform: `translateX(${distance}px)` }, { transform: 'none' }], { duration: step, easing: 'linear' });
  }
}

/** The points that a line may join. */
function runsOf(points, of) {
  const runs = [];
  for (const point of points) {
    if (!Number.isFinite(of(point))) {
      continue;
    }

    if (runs.length === 0 || point.afterGap) {
      runs.push([]);
    }

    runs.at(-1).push(point);
  }

  return runs;
}

function lineThrough(run) {
  // A single point is drawn as a line without length, of which round caps make a dot.
  return run.length === 1 ? `M${run[0]}h0` : `M${run.join('L')}`;
}

/** A round number, and so is its half. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map(factor => factor * power).find(top => top >= value * 0.999999);
}
