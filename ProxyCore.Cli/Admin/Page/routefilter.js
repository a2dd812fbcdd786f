// The field that finds routes, by their names and endpoints and by their upstreams.

import { keep, kept } from './kept.js';

const choice = 'route-search';

export class RouteFilter {
  #field = document.getElementById('route-search');

  constructor(changed) {
    this.#field.value = kept(choice, '');
    this.#field.addEventListener('input', () => {
      keep(choice, this.#field.value);
      changed();
    });
  }

  get isEmpty() {
    return this.#text === '';
  }

  /** The routes that are looked for. */
  of(routes) {
    return this.isEmpty ? routes : routes.filter(route => this.#isOfRoute(route) || this.upstreamsOf(route).length > 0);
  }

  /** Of a route that is not looked for itself, only the upstreams that are. */
  upstreamsOf(route) {
    return this.isEmpty || this.#isOfRoute(route)
      ? route.upstreams
      : route.upstreams.filter(upstream => this.#has(upstream.address) || this.#has(upstream.name ?? ''));
  }

  get #text() {
    return this.#field.value.trim().toLowerCase();
  }

  #isOfRoute(route) {
    return this.#has(route.name) || route.endpoints.some(endpoint => this.#has(endpoint));
  }

  #has(text) {
    return text.toLowerCase().includes(this.#text);
  }
}
