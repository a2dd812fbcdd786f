// The search for connections: by client, route, upstream and state, page by page. The proxy looks for them.

import { ApiError, findConnections } from './api.js';
import { allow, setText } from './dom.js';
import { count } from './format.js';

const limit = 100;
const names = { client: 'client', route: 'route', upstream: 'upstream', phase: 'state' };
const element = id => document.getElementById(id);

export class ConnectionSearch {
  #form = element('connection-search');
  #changed;
  #endMany;
  #filter = null;

  // Where each page begins that was seen; the last is the one that is shown.
  #starts = [0];
  #found = null;
  #error = '';
  #canEnd = false;

  /** Changed: called when something else is to be shown. EndMany: called with a filter, how many it finds, and its text. */
  constructor(changed, endMany) {
    this.#changed = changed;
    this.#endMany = endMany;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#begin(this.#entered());
    });
    this.#form.addEventListener('reset', () => this.#begin(null));
    element('next-page').addEventListener('click', () => this.#turnTo([...this.#starts, this.#found.next]));
    element('previous-page').addEventListener('click', () => this.#turnTo(this.#starts.slice(0, -1)));
    element('end-many').addEventListener('click', () => this.#endMany(this.#filter, this.#found.matching, inText(this.#filter)));
  }

  /** What the search has found; null when there is none. */
  get found() {
    return this.#found;
  }

  /** Searches for what somebody has pressed a button for. */
  searchFor(filter) {
    for (const field of this.#form.elements) {
      if (field.name) {
        field.value = filter[field.name] ?? '';
      }
    }

    this.#begin(filter);
    element('connections-part').scrollIntoView();
  }

  /** Asks the proxy for the page that is to be shown. What it refuses is shown in the place of what it finds. */
  async ask() {
    const filter = this.#filter;
    const start = this.#starts.at(-1);
    if (filter === null) {
      return;
    }

    try {
      const found = await findConnections(filter, start, limit);
      this.#take(filter, start, found, '');
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400) {
        throw error;
      }

      this.#take(filter, start, null, error.message);
    }
  }

  show(snapshot) {
    this.#canEnd = snapshot.canEnd;
    showChoices('route-names', snapshot.routes.map(route => route.name));
    showChoices('upstream-names', snapshot.routes.flatMap(route => route.upstreams.map(upstream => upstream.address)));
    this.#showPages();
  }

  /** Another answer may have been asked for meanwhile. */
  #take(filter, start, found, error) {
    if (filter === this.#filter && start === this.#starts.at(-1)) {
      this.#found = found;
      this.#error = error;
    }
  }

  #entered() {
    const given = [...new FormData(this.#form)].map(([name, value]) => [name, value.trim()]);
    return Object.fromEntries(given.filter(([, value]) => value !== ''));
  }

  #begin(filter) {
    this.#filter = filter;
    this.#turnTo([0]);
  }

  #turnTo(starts) {
    this.#starts = starts;
    this.#found = null;
    this.#error = '';
    this.#changed();
  }

  #showPages() {
    const found = this.#found;
    setText(element('search-error'), this.#error);
    element('pages').hidden = found === null;
    if (found === null) {
      return;
    }

    const before = (this.#starts.length - 1) * limit;
    setText(element('page-shown'), found.connections.length === 0
      ? 'None.'
      : `${count(before + 1)} to ${count(before + found.connections.length)} of ${count(found.matching)}`);
    element('previous-page').disabled = this.#starts.length === 1;
    element('next-page').disabled = found.next === null;
    const endMany = element('end-many');
    endMany.hidden = Object.keys(this.#filter).length === 0 || found.matching === 0;
    setText(endMany, `End all ${count(found.matching)}…`);
    allow(endMany, this.#canEnd);
  }
}

function inText(filter) {
  return Object.entries(filter).map(([name, value]) => `${names[name]} ${value}`).join(', ');
}

/** What a field proposes. */
function showChoices(id, values) {
  const list = element(id);
  const wanted = [...new Set(values)];
  if (list.children.length !== wanted.length || wanted.some((value, index) => list.children[index].value !== value)) {
    list.replaceChildren(...wanted.map(value => new Option(value, value)));
  }
}
