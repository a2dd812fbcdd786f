// The upstreams of each route, those in trouble first: their health, what they carry, and what an operator has decided about
// them, with buttons that change it.

import { KeptChildren, allow, fill, part, setText } from './dom.js';
import { bytes, count, moment, nothing, shortTime } from './format.js';
import { arrange } from './order.js';

const health = { Up: 'Up', Out: 'Out', OnTrial: 'On trial', Down: 'Down', Unresolved: 'Unresolved', Draining: 'Draining' };
export const inWords = { Ready: 'ready', Drain: 'drained', Disabled: 'disabled' };

export class Upstreams {
  #tables = new WeakMap();
  #upstreams = new WeakMap();
  #asked;
  #searched;
  #canChange = false;

  /**
   * Asked: called with the upstream, its route, and the administration that it is to have. Searched: called with a filter,
   * to find its connections.
   */
  constructor(asked, searched) {
    this.#asked = asked;
    this.#searched = searched;
  }

  /** Stillness: while it holds, rows stay where they are. */
  prepare(card, stillness) {
    const rows = new KeptChildren(
      card.querySelector('tbody'), 'upstream-template', (row, upstream) => this.#show(row, upstream), row => this.#listen(row));
    this.#tables.set(card, { rows, stillness, order: [] });
  }

  show(card, route, upstreams, canChange) {
    this.#canChange = canChange;
    const table = this.#tables.get(card);
    const byKey = new Map(upstreams.map(upstream => [keyOf(upstream, route), { ...upstream, route: route.name }]));
    const wanted = [...byKey.keys()].sort((one, other) => byKey.get(other).inTrouble - byKey.get(one).inTrouble);
    table.order = arrange(wanted, table.order, table.stillness.holds);
    table.rows.show(table.order.map(key => [key, byKey.get(key)]));
  }

  #listen(row) {
    for (const button of part(row, 'choice').children) {
      button.addEventListener('click', () => this.#asked(this.#upstreams.get(row), button.value));
    }

    part(row, 'find').addEventListener('click', () => {
      const { route, address } = this.#upstreams.get(row);
      this.#searched({ route, upstream: address });
    });
  }

  #show(row, upstream) {
    this.#upstreams.set(row, upstream);
    const isFailing = upstream.state === 'Up' && upstream.inTrouble;
    fill(row, {
      address: upstream.address,
      source: upstream.name ? `of ${upstream.name}` : '',
      state: isFailing ? 'Failing' : health[upstream.state] ?? upstream.state,
      cause: causeOf(upstream),
      check: upstream.lastCheck ? shortTime(upstream.lastCheck.seconds) : nothing,
      checkedAt: upstream.lastCheck ? `${upstream.lastCheck.failure ? 'failed' : 'passed'} ${moment(upstream.lastCheck.at)}` : '',
      weight: count(upstream.weight),
      open: upstream.maxConnections === null
        ? count(upstream.connections)
        : `${count(upstream.connections)} of ${count(upstream.maxConnections)}`,
      connected: count(upstream.connected),
      rate: `${count(upstream.connectedPerSecond)}/s, peak ${count(upstream.mostConnectedPerSecond)}/s`,
      failed: count(upstream.failed),
      toUpstream: bytes(upstream.bytesToUpstream),
      toClients: bytes(upstream.bytesToClients),
    });
    part(row, 'health').dataset.state = isFailing ? 'Failing' : upstream.state;
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
    part(row, 'find').setAttribute('aria-label', `Connections of ${upstream.address} of ${upstream.route}`);
    for (const button of choice.children) {
      button.setAttribute('aria-pressed', String(button.value === upstream.administration));
      allow(button, this.#canChange);
    }
  }
}

/** An upstream that is drained and configured anew may have two rows. */
function keyOf(upstream, route) {
  const same = route.upstreams.filter(other => other.address === upstream.address);
  return `${same.indexOf(upstream)} ${upstream.address}`;
}

/** Since when it is as it is, and why; nothing of one that is well. */
function causeOf(upstream) {
  if (!upstream.inTrouble && upstream.state === 'Up') {
    return upstream.stateSince === null ? '' : `since ${moment(upstream.stateSince)}`;
  }

  const since = upstream.state === 'Up' ? upstream.failingSince : upstream.stateSince;
  const failures = upstream.state === 'Up' && upstream.failuresInRow > 1 ? `${count(upstream.failuresInRow)} connects in a row: ` : '';
  return [since === null ? '' : `since ${moment(since)}`, upstream.cause === null ? '' : failures + upstream.cause]
    .filter(text => text !== '').join(', ');
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
