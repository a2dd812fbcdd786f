// The upstreams of each route: their health, and what an operator has decided about them, with buttons that change it.

import { KeptChildren, allow, fill, part, setText } from './dom.js';
import { count, moment } from './format.js';

const health = { Up: 'Up', Out: 'Out', OnTrial: 'On trial', Down: 'Down', Unresolved: 'Unresolved', Draining: 'Draining' };
export const inWords = { Ready: 'ready', Drain: 'drained', Disabled: 'disabled' };

export class Upstreams {
  #tables = new WeakMap();
  #upstreams = new WeakMap();
  #asked;
  #canChange = false;

  /** Asked: called with the upstream, its route, and the administration that it is to have. */
  constructor(asked) {
    this.#asked = asked;
  }

  prepare(card) {
    this.#tables.set(card, new KeptChildren(
      card.querySelector('tbody'), 'upstream-template', (row, upstream) => this.#show(row, upstream), row => this.#listen(row)));
  }

  show(card, route, canChange) {
    this.#canChange = canChange;

    // Addresses may repeat, places don't.
    this.#tables.get(card).show(route.upstreams.map((upstream, place) => [place, { ...upstream, route: route.name }]));
  }

  #listen(row) {
    for (const button of row.querySelectorAll('button')) {
      button.addEventListener('click', () => this.#asked(this.#upstreams.get(row), button.value));
    }
  }

  #show(row, upstream) {
    this.#upstreams.set(row, upstream);
    fill(row, {
      address: upstream.address,
      source: upstream.name ? `of ${upstream.name}` : '',
      state: health[upstream.state] ?? upstream.state,
      weight: count(upstream.weight),
      open: upstream.maxConnections === null
        ? count(upstream.connections)
        : `${count(upstream.connections)} of ${count(upstream.maxConnections)}`,
      connected: count(upstream.connected),
      failed: count(upstream.failed),
    });
    row.querySelector('.health').dataset.state = upstream.state;
    part(row, 'backup').hidden = !upstream.isBackup;
    part(row, 'source').hidden = !upstream.name;
    part(row, 'by-hand').hidden = upstream.setByHandAt === null;
    setText(part(row, 'by-hand'), upstream.setByHandAt === null ? '' : byHand(upstream));
    this.#showChoice(row, upstream);
  }

  #showChoice(row, upstream) {
    const choice = part(row, 'choice');

    // One that has left the configuration ends with its connections: nothing can be decided about it any more.
    choice.hidden = upstream.state === 'Draining';
    choice.setAttribute('aria-label', `Upstream ${upstream.address} of ${upstream.route}`);
    for (const button of choice.children) {
      button.setAttribute('aria-pressed', String(button.value === upstream.administration));
      allow(button, this.#canChange);
    }
  }
}

function byHand(upstream) {
  const parts = [];
  if (upstream.administration !== 'Ready') {
    parts.push(inWords[upstream.administration] ?? upstream.administration);
  }

  if (upstream.configuredWeight !== null) {
    parts.push(`weight ${count(upstream.weight)} instead of ${count(upstream.configuredWeight)}`);
  }

  if (upstream.hasMaximumByHand) {
    parts.push(`maximum ${count(upstream.maxConnections)}`);
  }

  return `${parts.join(', ') || inWords.Ready} by hand since ${moment(upstream.setByHandAt)}`;
}
