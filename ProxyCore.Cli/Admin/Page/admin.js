// The page: asks the proxy once a second what it does, and shows it.

import { Actions } from './actions.js';
import { getHistory, getSnapshot } from './api.js';
import { Certificates } from './certificates.js';
import { Configuration } from './configuration.js';
import { ConnectionTable } from './connections.js';
import { Denied } from './denied.js';
import { Ends } from './ends.js';
import { History } from './history.js';
import { Loops } from './loops.js';
import { Poller } from './poller.js';
import { Routes } from './routes.js';
import { ConnectionSearch } from './search.js';
import { Summary } from './summary.js';
import { askForToken, listenForToken, showFigures } from './token.js';
import { Toxics } from './toxics.js';
import { Traffic } from './traffic.js';
import { Upstreams } from './upstreams.js';

const poller = new Poller(askAndShow, showError);
const poll = () => poller.poll();
const actions = new Actions(poll);
const history = new History();
const summary = new Summary(history);
const search = new ConnectionSearch(poll, (...found) => actions.endMany(...found));
const upstreams = new Upstreams((...change) => actions.administer(...change), filter => search.searchFor(filter));
const toxics = new Toxics((...change) => actions.changeToxic(...change));

// Each is given every snapshot.
const sections = [
  summary,
  new Traffic(history),
  new Routes(history, upstreams, toxics),
  search,
  new ConnectionTable(search, connection => actions.end(connection)),
  new Ends(history),
  new Loops(history),
  new Certificates(),
  new Denied(address => actions.letIn(address)),
  new Configuration(),
];
let hasHistory = false;

async function askAndShow() {
  if (!hasHistory) {
    history.begin(await getHistory());
    hasHistory = true;
  }

  const snapshot = await getSnapshot();
  await search.ask();
  showFigures(true);
  if (!history.add(snapshot)) {
    return false;
  }

  for (const section of sections) {
    section.show(snapshot);
  }

  return true;
}

/** Whether to try again: not while only a token helps. */
function showError(error) {
  if (error.status === 401) {
    summary.showTokenNeeded();
    askForToken();
    return false;
  }

  summary.showError(error);
  return true;
}

listenForToken(poll);
poll();
