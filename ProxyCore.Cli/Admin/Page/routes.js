// The routes, those in trouble first; each can be closed, and shows its upstreams and its toxics when it is open.

import { KeptChildren, fill, part, setText } from './dom.js';
import { bytes, bytesPerSecond, count, nothing } from './format.js';
import { keep, kept } from './kept.js';
import { Stillness, arrange } from './order.js';
import { RouteFilter } from './routefilter.js';

const ranks = { Down: 0, Degraded: 1 };
const inWords = { Down: 'Down', Degraded: 'In trouble' };

// So many routes are open unless somebody closes them; of more, only those in trouble.
const mostOpen = 4;
const choice = 'routes';

export class Routes {
  #box = document.getElementById('routes');
  #stillness = new Stillness(this.#box);
  #filter = new RouteFilter(() => this.#showCards());
  #open = kept(choice, {});
  #order = [];
  #routes = new WeakMap();
  #seen = new WeakSet();
  #drawn = new WeakSet();
  #cards;
  #history;
  #upstreams;
  #toxics;
  #snapshot;
  #observer;

  constructor(history, upstreams, toxics) {
    this.#history = history;
    this.#upstreams = upstreams;
    this.#toxics = toxics;
    this.#cards = new KeptChildren(
      this.#box, 'route-template', (card, route) => this.#show(card, route), card => this.#prepare(card));
    this.#observer = new IntersectionObserver(entries => this.#noteSeen(entries), { rootMargin: '300px 0px' });
    document.getElementById('open-routes').addEventListener('click', () => this.#openAll(true));
    document.getElementById('close-routes').addEventListener('click', () => this.#openAll(false));
  }

  show(snapshot) {
    this.#snapshot = snapshot;
    this.#showCards();
  }

  #showCards() {
    const routes = this.#filter.of(this.#snapshot.routes);
    const byName = new Map(routes.map(route => [route.name, route]));
    const wanted = [...byName.keys()].sort((one, other) => rankOf(byName.get(one)) - rankOf(byName.get(other)));
    this.#order = arrange(wanted, this.#order, this.#stillness.holds);
    this.#cards.show(this.#order.map(name => [name, byName.get(name)]));
    const none = document.getElementById('no-routes');
    setText(none, this.#snapshot.routes.length > 0 ? 'No route is like this.' : 'No routes.');
    none.hidden = routes.length > 0;
    setText(document.getElementById('routes-shown'), this.#filter.isEmpty
      ? count(routes.length) : `${count(routes.length)} of ${count(this.#snapshot.routes.length)}`);
  }

  #prepare(card) {
    this.#upstreams.prepare(card, this.#stillness);
    this.#toxics.prepare(card);
    card.querySelector('summary').addEventListener('click', event => {
      event.preventDefault();
      this.#choose(card, !card.firstElementChild.open);
    });
    this.#observer.observe(card);
  }

  #noteSeen(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        this.#seen.add(target);
        this.#showBody(target, this.#routes.get(target));
      } else {
        this.#seen.delete(target);
      }
    }
  }

  #choose(card, open) {
    const route = this.#routes.get(card);
    this.#open[route.name] = open;
    keep(choice, this.#open);
    this.#show(card, route);
  }

  #openAll(open) {
    for (const { name } of this.#snapshot.routes) {
      this.#open[name] = open;
    }

    keep(choice, this.#open);
    this.#showCards();
  }

  #show(card, route) {
    this.#routes.set(card, route);
    card.firstElementChild.open = this.#open[route.name]
      ?? (this.#snapshot.routes.length <= mostOpen || route.trouble !== null || !this.#filter.isEmpty);
    const troubled = route.upstreams.filter(upstream => upstream.inTrouble).length;
    fill(card, {
      name: route.name,
      trouble: inWords[route.trouble] ?? 'Up',
      endpoints: route.endpoints.length > 0 ? route.endpoints.join(', ') : 'not listening',
      balancing: wordsOf(route.balancing),
      upstreams: troubled > 0
        ? `${count(troubled)} of ${count(route.upstreams.length)} upstreams in trouble`
        : `${count(route.upstreams.length)} upstream${route.upstreams.length === 1 ? '' : 's'}`,
      openNow: `${count(route.statistics.active)} open`,
    });
    part(card, 'trouble').dataset.state = route.trouble ?? 'Up';

    // What nobody can see is drawn once, so that it has its height.
    if (this.#seen.has(card) || !this.#drawn.has(card)) {
      this.#showBody(card, route);
    }
  }

  #showBody(card, route) {
    if (!route || !card.firstElementChild.open) {
      return;
    }

    this.#drawn.add(card);

    const statistics = route.statistics;
    fill(card, {
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
    this.#upstreams.show(card, route, this.#filter.upstreamsOf(route), this.#snapshot.canEnd);
    this.#toxics.show(card, route.toxics, this.#snapshot.canEnd);
  }

  #rate(route, direction) {
    return this.#history.rate(snapshot =>
      snapshot.routes.find(other => other.name === route.name)?.statistics[direction]);
  }
}

function rankOf(route) {
  return ranks[route.trouble] ?? 2;
}

/** "RoundRobin" as "round robin". */
function wordsOf(name) {
  return name ? name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase() : nothing;
}
