// What the buttons of the page do: they ask where that is needed, do it, and tell what became of it.

import { administerUpstream, endConnection, endConnections, removeDeny, removeToxic, switchToxic } from './api.js';
import { ask } from './dialogs.js';
import { count } from './format.js';
import { tell } from './message.js';
import { inWords } from './upstreams.js';

export class Actions {
  #done;

  /** Done: called after each change, to show it at once. */
  constructor(done) {
    this.#done = done;
  }

  async end(connection) {
    const { id } = connection;
    const asked = await ask('end-dialog', {
      ...connection, client: connection.client || 'a client', upstream: connection.upstream || 'no upstream yet',
    });
    if (asked) {
      await this.#change(() => endConnection(id), `Connection ${id} has been ended.`, error => error.status === 404
        ? `Connection ${id} had ended already.`
        : `Connection ${id} was not ended: ${causeOf(error)}`);
    }
  }

  /** Ends all connections that a search finds. */
  async endMany(filter, matching, inText) {
    if (await ask('end-many-dialog', { matching: count(matching), filter: inText })) {
      await this.#change(
        async () => (await endConnections(filter)).ended,
        ended => `${count(ended)} connections have been ended.`,
        error => `The connections were not ended: ${causeOf(error)}`);
    }
  }

  async administer(upstream, state) {
    await this.#change(
      () => administerUpstream(upstream.route, upstream.address, state),
      `${upstream.address} of ${upstream.route} is ${inWords[state]}.`,
      error => `${upstream.address} was not changed: ${causeOf(error)}`);
  }

  async letIn(address) {
    await this.#change(
      () => removeDeny(address), `${address} is let in again.`, error => `${address} was not changed: ${causeOf(error)}`);
  }

  /** Change: "switch" or "remove". */
  async changeToxic(change, toxic) {
    const { route, name } = toxic;
    const failed = error => `Toxic ${name} was not changed: ${causeOf(error)}`;
    if (change === 'switch') {
      const done = `Toxic ${name} of ${route} is ${toxic.enabled ? 'off' : 'on'}.`;
      await this.#change(() => switchToxic(route, name, !toxic.enabled), done, failed);
    } else if (await ask('remove-dialog', toxic)) {
      await this.#change(() => removeToxic(route, name), `Toxic ${name} of ${route} has been removed.`, failed);
    }
  }

  async #change(change, done, failed) {
    try {
      const answer = await change();
      tell(typeof done === 'function' ? done(answer) : done);
    } catch (error) {
      tell(failed(error));
    }

    this.#done();
  }
}

function causeOf(error) {
  return error.status === 401 ? 'the token is not the right one.' : error.message;
}
