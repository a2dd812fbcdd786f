// The page: asks the proxy once a second what it does, and shows it.

import {
  ApiError, administerUpstream, endConnection, forgetToken, getSnapshot, hasToken, isToken, removeDeny, removeToxic, setToken, switchToxic,
} from './api.js';
import { Certificates } from './certificates.js';
import { ConnectionTable } from './connections.js';
import { Denied } from './denied.js';
import { fill, setText } from './dom.js';
import { Ends } from './ends.js';
import { bytes, bytesPerSecond, count, duration, perSecond } from './format.js';
import { History } from './history.js';
import { Loops } from './loops.js';
import { Plot } from './plots.js';
import { Routes } from './routes.js';
import { Toxics } from './toxics.js';
import { Upstreams, inWords } from './upstreams.js';

const interval = 1000;
const longestPause = 5000;
const messageTime = 10_000;
const element = id => document.getElementById(id);

const history = new History();
const routes = new Routes(history, new Upstreams(administer), new Toxics(askForToxic));
const loops = new Loops(history);
const certificates = new Certificates();
const denied = new Denied(letIn);
const ends = new Ends(history);
const connections = new ConnectionTable(askToEnd);
const plots = [
  new Plot(element('plot-connections'), {
    title: 'New connections', format: perSecond, least: 1, series: [{ of: point => point.accepted }],
  }),
  new Plot(element('plot-bytes'), {
    title: 'Bytes to', format: bytesPerSecond, least: 1000,
    series: [{ name: 'clients', of: point => point.toClients }, { name: 'upstreams', of: point => point.toUpstreams }],
  }),
  new Plot(element('plot-open'), {
    title: 'Open connections', format: count, least: 2, series: [{ of: point => point.open }],
  }),
];

let timer;
let asking = false;
let failures = 0;

async function poll() {
  clearTimeout(timer);
  if (asking || document.hidden) {
    return;
  }

  asking = true;
  const begun = performance.now();
  let pause;
  try {
    pause = show(await getSnapshot()) ? interval - (performance.now() - begun) : interval / 5;
  } catch (error) {
    pause = showTrouble(error);
  } finally {
    asking = false;
  }

  if (pause !== undefined) {
    timer = setTimeout(poll, Math.max(0, pause));
  }
}

/** False when the proxy gave the snapshot of before once more: the next one is due soon. */
function show(snapshot) {
  failures = 0;
  element('trouble').hidden = true;
  showFigures(true);
  if (!history.add(snapshot)) {
    return false;
  }

  showSummary(snapshot);
  for (const plot of plots) {
    plot.draw(history.points, history.time);
  }

  routes.show(snapshot);
  connections.show(snapshot);
  ends.show(snapshot);
  loops.show(snapshot);
  certificates.show(snapshot);
  denied.show(snapshot);
  return true;
}

function showSummary(snapshot) {
  const statistics = snapshot.statistics;
  showState(snapshot.state);
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
}

function showState(state) {
  element('state').dataset.state = state;
  setText(element('state'), state);
  document.title = `${state} – ProxyCore`;
}

/** How long to pause; undefined when only a token helps. */
function showTrouble(error) {
  if (error.status === 401) {
    askForToken();
    return undefined;
  }

  failures++;
  setText(element('trouble'), troubleOf(error));
  element('trouble').hidden = false;
  showState(isAway(error) ? 'Not reachable' : 'Trouble');
  return Math.min(longestPause, interval * 2 ** (failures - 1));
}

function troubleOf(error) {
  if (isAway(error)) {
    return 'Not reachable, trying again. The figures are the last that came.';
  }

  // What is no answer of the proxy is a fault of this page.
  return error instanceof ApiError
    ? `The proxy answers: ${error.message} Trying again.`
    : `This page can’t show the figures (${error.message}). Trying again.`;
}

function isAway(error) {
  return error instanceof ApiError && error.status === undefined;
}

function askForToken() {
  setText(element('token-error'), hasToken() ? 'That token is not the right one.' : '');
  forgetToken();
  showState('Token needed');
  element('trouble').hidden = true;
  showFigures(false);
  element('token').focus();
}

/** The figures, or else the question for the token. */
function showFigures(shown) {
  for (const id of ['summary', 'parts', 'figures']) {
    element(id).hidden = !shown;
  }

  element('token-form').hidden = shown;
}

function takeToken(event) {
  event.preventDefault();
  const token = element('token').value.trim();
  if (!isToken(token)) {
    setText(element('token-error'), 'That can’t be a token.');
    return;
  }

  element('token').value = '';
  setToken(token);
  poll();
}

function askToEnd(connection) {
  const dialog = element('end-dialog');
  fill(dialog, {
    ...connection, client: connection.client || 'a client', upstream: connection.upstream || 'no upstream yet',
  });
  dialog.returnValue = 'keep';
  dialog.onclose = () => dialog.returnValue === 'end' && end(connection.id);
  dialog.showModal();
}

async function end(id) {
  try {
    await endConnection(id);
    tell(`Connection ${id} has been ended.`);
  } catch (error) {
    tell(whyNotEnded(id, error));
  }

  poll();
}

function whyNotEnded(id, error) {
  if (error.status === 404) {
    return `Connection ${id} had ended already.`;
  }

  return `Connection ${id} was not ended: ${error.status === 401 ? 'the token is not the right one.' : error.message}`;
}

async function administer(upstream, state) {
  try {
    await administerUpstream(upstream.route, upstream.address, state);
    tell(`${upstream.address} of ${upstream.route} is ${inWords[state]}.`);
  } catch (error) {
    tell(`${upstream.address} was not changed: ${error.status === 401 ? 'the token is not the right one.' : error.message}`);
  }

  poll();
}

async function letIn(address) {
  try {
    await removeDeny(address);
    tell(`${address} is let in again.`);
  } catch (error) {
    tell(`${address} was not changed: ${error.status === 401 ? 'the token is not the right one.' : error.message}`);
  }

  poll();
}

function askForToxic(change, toxic) {
  if (change === 'switch') {
    changeToxic(toxic, () => switchToxic(toxic.route, toxic.name, !toxic.enabled), toxic.enabled ? 'is off' : 'is on');
    return;
  }

  const dialog = element('remove-dialog');
  fill(dialog, toxic);
  dialog.returnValue = 'keep';
  dialog.onclose = () => dialog.returnValue === 'remove'
    && changeToxic(toxic, () => removeToxic(toxic.route, toxic.name), 'has been removed');
  dialog.showModal();
}

async function changeToxic(toxic, change, done) {
  try {
    await change();
    tell(`Toxic ${toxic.name} of ${toxic.route} ${done}.`);
  } catch (error) {
    tell(`Toxic ${toxic.name} was not changed: ${error.status === 401 ? 'the token is not the right one.' : error.message}`);
  }

  poll();
}

let messageTimer;

function tell(text) {
  clearTimeout(messageTimer);
  setText(element('message'), text);
  messageTimer = setTimeout(() => setText(element('message'), ''), messageTime);
}

element('token-form').addEventListener('submit', takeToken);
document.addEventListener('visibilitychange', poll);
addEventListener('online', poll);
poll();
