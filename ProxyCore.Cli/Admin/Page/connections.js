// A table of connections, the longest and busiest or those that a search has found, with a button that ends one.

import { KeptChildren, allow, fill, part, setText } from './dom.js';
import { bytes, bytesPerSecond, count, duration, nothing } from './format.js';
import { Stillness, arrange } from './order.js';

export class ConnectionTable {
  #table = document.getElementById('connections');
  #body = this.#table.tBodies[0];
  #box = document.getElementById('connections-box');
  #stillness = new Stillness(this.#body);
  #search;
  #rows;
  #order = [];
  #sort = { by: 'durationSeconds', descending: true };
  #connections = [];
  #canEnd = false;

  /** Search: what is to be found, if anything. Asked: called with the connection whose button was pressed. */
  constructor(search, asked) {
    this.#search = search;
    this.#rows = new KeptChildren(this.#body, 'connection-template', (row, connection) => this.#show(row, connection));
    this.#table.tHead.addEventListener('click', event => this.#sortBy(event.target.closest('[data-sort]')));
    this.#body.addEventListener('click', event => this.#press(event.target.closest('button'), asked));
  }

  show(snapshot) {
    const found = this.#search.found;
    this.#connections = found?.connections ?? snapshot.connections;
    this.#canEnd = snapshot.canEnd;
    const shown = this.#connections.length;
    const open = snapshot.statistics.active;
    setText(document.getElementById('connections-shown'), found ? `${count(found.matching)} found of ${count(open)}`
      : open > shown ? `the ${count(shown)} longest and busiest of ${count(open)}`
      : `${count(shown)} open`);
    setText(document.getElementById('no-connections'), found ? 'No open connection is like this.' : 'No open connections.');
    document.getElementById('no-connections').hidden = shown > 0;
    document.getElementById('end-hint').hidden = snapshot.canEnd;
    this.#showRows();
  }

  #press(button, asked) {
    const id = button?.closest('tr').lastElementChild.firstElementChild.dataset.id;
    const connection = this.#connections.find(one => String(one.id) === id);
    if (!connection) {
      return;
    }

    if (button.dataset.part === 'client') {
      this.#search.searchFor({ client: addressOf(connection.client) });
    } else {
      asked(connection);
    }
  }

  #showRows() {
    const hadFocus = this.#body.contains(document.activeElement);
    const byId = new Map(this.#connections.map(connection => [connection.id, connection]));
    this.#order = arrange([...byId.keys()].sort(this.#comparer(byId)), this.#order, this.#stillness.holds);
    this.#rows.show(this.#order.map(id => [id, byId.get(id)]));

    // The row that had the focus is gone: the keyboard goes on from the table, not from the top of the page.
    if (hadFocus && document.activeElement === document.body) {
      this.#box.focus({ preventScroll: true });
    }
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
    part(row, 'client').disabled = !connection.client;
    const button = row.lastElementChild.firstElementChild;
    if (!button.dataset.id) {
      button.dataset.id = connection.id;
      button.setAttribute('aria-label', `End connection ${connection.id}`);
    }

    allow(button, this.#canEnd);
  }
}

/** The address without its port; all clients on Unix sockets are one. */
function addressOf(client) {
  return client.startsWith('unix') ? 'unix' : client.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function compare(one, other) {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one ?? ''), String(other ?? ''));
}

const collator = new Intl.Collator('en', { numeric: true });
