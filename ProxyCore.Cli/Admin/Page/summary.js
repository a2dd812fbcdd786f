// The top of the page: how the proxy is, what is in trouble, and what it has done.

import { ApiError } from './api.js';
import { fill, part, setText } from './dom.js';
import { bytes, count, duration, perSecond } from './format.js';

const element = id => document.getElementById(id);

export class Summary {
  #history;

  constructor(history) {
    this.#history = history;
  }

  show(snapshot) {
    const statistics = snapshot.statistics;
    element('trouble').hidden = true;
    fill(element('summary'), {
      open: `${count(statistics.active)} of ${count(snapshot.maxConnections)}`,
      accepted: count(statistics.accepted),
      toClients: bytes(statistics.bytesToClients),
      toUpstreams: bytes(statistics.bytesToUpstreams),
      uptime: duration(snapshot.uptimeSeconds),
      version: snapshot.version.replace(/\+.*/, ''),
      dropped: count(statistics.accessLogDropped),
    });
    element('dropped').hidden = !(statistics.accessLogDropped > 0);
    this.#showTrouble(snapshot);
  }

  /** The proxy has no answer, or not the one asked for: the figures stay. */
  showError(error) {
    const isAway = error instanceof ApiError && error.status === undefined;
    setText(element('trouble'), isAway
      ? 'Not reachable, trying again. The figures are the last that came.'
      // What is no answer of the proxy is a fault of this page.
      : error instanceof ApiError
        ? `The proxy answers: ${error.message} Trying again.`
        : `This page can’t show the figures (${error.message}). Trying again.`);
    element('trouble').hidden = false;
    showState(isAway ? 'Not reachable' : 'Trouble');
  }

  showTokenNeeded() {
    element('trouble').hidden = true;
    showState('Token needed');
  }

  #showTrouble(snapshot) {
    const trouble = snapshot.trouble;
    const refused = this.#history.rate(one => one.statistics.refused);
    const upstreams = snapshot.routes.reduce((sum, route) => sum + route.upstreams.length, 0);
    fill(element('status'), {
      routes: `${count(trouble.routes)} of ${count(snapshot.routes.length)}${trouble.routesDown > 0 ? `, ${count(trouble.routesDown)} down` : ''}`,
      upstreams: `${count(trouble.upstreams)} of ${count(upstreams)}`,
      queued: count(trouble.queued),
      refused: perSecond(refused),
    });
    for (const [name, amount] of Object.entries({ ...trouble, refused })) {
      part(element('status'), name)?.classList.toggle('noticed', amount > 0);
    }

    showState(snapshot.state, snapshot.state === 'Running' ? troubleIn(trouble) : null);
  }
}

/** The worst that there is, and how bad it is; null when all is well. */
function troubleIn(trouble) {
  return trouble.routesDown > 0 ? { text: `${amount(trouble.routesDown, 'route')} down`, level: 'Down' }
    : trouble.upstreams > 0 ? { text: `${amount(trouble.upstreams, 'upstream')} in trouble`, level: 'Degraded' }
    : trouble.queued > 0 ? { text: `${count(trouble.queued)} queued`, level: 'Degraded' }
    : null;
}

function amount(number, name) {
  return `${count(number)} ${name}${number === 1 ? '' : 's'}`;
}

function showState(state, trouble = null) {
  element('state').dataset.state = trouble?.level ?? state;
  setText(element('state'), trouble ? `${state}, ${trouble.text}` : state);
  document.title = `${trouble?.text ?? state} – ProxyCore`;
}
