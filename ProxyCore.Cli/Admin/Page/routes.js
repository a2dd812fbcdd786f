// The routes; each shows its upstreams and its toxics.

import { KeptChildren, fill, part } from './dom.js';
import { bytes, bytesPerSecond, count, nothing } from './format.js';

export class Routes {
  #cards;
  #none;
  #history;
  #upstreams;
  #toxics;
  #canChange = false;

  constructor(history, upstreams, toxics) {
    this.#history = history;
    this.#upstreams = upstreams;
    this.#toxics = toxics;
    this.#none = document.getElementById('no-routes');
    this.#cards = new KeptChildren(
      document.getElementById('routes'), 'route-template',
      (card, route) => this.#show(card, route), card => this.#prepare(card));
  }

  show(snapshot) {
    this.#canChange = snapshot.canEnd;
    this.#cards.show(snapshot.routes.map(route => [route.name, route]));
    this.#none.hidden = snapshot.routes.length > 0;
  }

  #prepare(card) {
    this.#upstreams.prepare(card);
    this.#toxics.prepare(card);
  }

  #show(card, route) {
    const statistics = route.statistics;
    fill(card, {
      name: route.name,
      endpoints: route.endpoints.length > 0 ? route.endpoints.join(', ') : 'not listening',
      balancing: inWords(route.balancing),
      open: count(statistics.active),
      accepted: count(statistics.accepted),
      toClients: bytes(statistics.bytesToClients),
      toClientsNow: bytesPerSecond(this.#rate(route, 'bytesToClients')),
      toUpstreams: bytes(statistics.bytesToUpstreams),
      toUpstreamsNow: bytesPerSecond(this.#rate(route, 'bytesToUpstreams')),
      queued: count(route.queued),
    });
    part(card, 'queued').classList.toggle('noticed', route.queued > 0);
    part(card, 'box').setAttribute('aria-label', `Upstreams of ${route.name}`);
    this.#upstreams.show(card, route, this.#canChange);
    this.#toxics.show(card, route.toxics, this.#canChange);
  }

  #rate(route, direction) {
    return this.#history.rate(snapshot =>
      snapshot.routes.find(other => other.name === route.name)?.statistics[direction]);
  }
}

/** "RoundRobin" as "round robin". */
function inWords(name) {
  return name ? name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase() : nothing;
}
