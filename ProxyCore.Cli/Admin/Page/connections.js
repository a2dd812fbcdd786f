// The longest and busiest connections: a table that can be sorted, and a button that ends one.

import { KeptChildren, fill, setText } from './dom.js';
import { bytes, bytesPerSecond, count, duration, nothing } from './format.js';

export class ConnectionTable {
  #table = document.getElementById('connections');
  #body = this.#table.tBodies[0];
  #box = document.getElementById('connections-box');
  #rows;
  #order = [];
  #sort = { by: 'durationSeconds', descending: true };
  #connections = [];
  #canEnd = false;

  /** Asked: called with the connection whose button was pressed. */
  constructor(asked) {
    this.#rows = new KeptChildren(this.#body, 'connection-template', (row, connection) => this.#show(row, connection));
    this.#table.tHead.addEventListener('click', event => this.#sortBy(event.target.closest('[data-sort]')));
    this.#body.addEventListener('click', event => {
      const id = event.target.closest('button')?.dataset.id;
      const connection = this.#connections.find(one => String(one.id) === id);
      if (connection) {
        asked(connection);
      }
    });
  }

  show(snapshot) {
    this.#connections = snapshot.connections;
    this.#canEnd = snapshot.canEnd;
    const shown = snapshot.connections.length;
    const open = snapshot.statistics.active;
    setText(document.getElementById('connections-shown'), open > shown
      ? `the ${count(shown)} longest and busiest of ${count(open)}` : `${count(shown)} open`);
    document.getElementById('no-connections').hidden = shown > 0;
    document.getElementById('end-hint').hidden = snapshot.canEnd;
    this.#showRows();
  }

  #showRows() {
    const hadFocus = this.#body.contains(document.activeElement);
    const byId = new Map(this.#connections.map(connection => [connection.id, connection]));
    this.#order = this.#isHeld() ? this.#keptOrder(byId) : [...byId.keys()].sort(this.#comparer(byId));
    this.#rows.show(this.#order.map(id => [id, byId.get(id)]));

    // The row that had the focus is gone: the keyboard goes on from the table, not from the top of the page.
    if (hadFocus && document.activeElement === document.body) {
      this.#box.focus({ preventScroll: true });
    }
  }

  /** Rows don't move away under a pointer or from under the keyboard. */
  #isHeld() {
    return this.#body.matches(':hover') || this.#body.contains(document.activeElement);
  }

  #keptOrder(byId) {
    const kept = this.#order.filter(id => byId.has(id));
    return [...kept, ...[...byId.keys()].filter(id => !kept.includes(id))];
  }

  #comparer(byId) {
    const { by, descending } = this.#sort;
    const sign = descending ? -1 : 1;
    return (one, other) => sign * compare(byId.get(one)[by], byId.get(other)[by]) || one - other;
  }

  #sortBy(button) {
    if (!button) {
      return;
    }

    const header = button.closest('th');
    const again = this.#sort.by === button.dataset.sort;
    const descending = again ? !this.#sort.descending : header.classList.contains('number');
    this.#sort = { by: button.dataset.sort, descending };
    this.#table.querySelector('[aria-sort]')?.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    this.#showRows();
  }

  #show(row, connection) {
    fill(row, {
      id: connection.id,
      route: connection.route,
      client: connection.client || nothing,
      upstream: connection.upstream || nothing,
      phase: connection.phase || nothing,
      attempts: connection.attempts > 0 ? count(connection.attempts) : nothing,
      duration: duration(connection.durationSeconds),
      toUpstream: bytes(connection.bytesToUpstream),
      toClient: bytes(connection.bytesToClient),
      rate: bytesPerSecond(connection.bytesPerSecond),
    });
    const button = row.querySelector('button');
    button.dataset.id = connection.id;
    button.disabled = !this.#canEnd;
    button.title = this.#canEnd ? '' : 'Needs a token: start the proxy with --admin-token-file FILE.';
    button.setAttribute('aria-label', `End connection ${connection.id}`);
  }
}

function compare(one, other) {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : String(one ?? '').localeCompare(String(other ?? ''), 'en', { numeric: true });
}
