// What the page asks of the proxy, and the token that it shows.

const storageKey = 'proxycore.token';
const patience = 5000;

/** An answer other than the one asked for. Without a status there was none. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export function hasToken() {
  return sessionStorage.getItem(storageKey) !== null;
}

export function setToken(token) {
  sessionStorage.setItem(storageKey, token);
}

export function forgetToken() {
  sessionStorage.removeItem(storageKey);
}

/** Whether it can stand in a header at all. */
export function isToken(text) {
  return /^[\x21-\x7e]+$/.test(text);
}

export function getSnapshot() {
  return requestJson('/api/snapshot');
}

/** The figures of the last hour. */
export function getHistory() {
  return requestJson('/api/history');
}

/** The running configuration, as a text. */
export async function getConfiguration() {
  return (await request('/api/configuration', { method: 'GET' })).text();
}

export function findConnections(filter, after, limit) {
  return requestJson(`/api/connections?${new URLSearchParams({ ...filter, after, limit })}`);
}

export async function endConnection(id) {
  await request(`/api/connections/${encodeURIComponent(id)}/end`, { method: 'POST' });
}

export function endConnections(filter) {
  return requestJson(`/api/connections?${new URLSearchParams(filter)}`, 'DELETE');
}

export async function administerUpstream(route, upstream, state) {
  await request('/api/upstreams', { method: 'PATCH', body: JSON.stringify({ route, upstream, state: state.toLowerCase() }) });
}

export async function removeDeny(address) {
  await request(`/api/deny?${new URLSearchParams({ address })}`, { method: 'DELETE' });
}

export async function switchToxic(route, name, enabled) {
  await request(`/api/toxics?${new URLSearchParams({ route, name, enabled })}`, { method: 'PATCH' });
}

export async function removeToxic(route, name) {
  await request(`/api/toxics?${new URLSearchParams({ route, name })}`, { method: 'DELETE' });
}

async function requestJson(path, method = 'GET') {
  const response = await request(path, { method });
  try {
    return await response.json();
  } catch {
    throw new ApiError('The answer broke off.');
  }
}

async function request(path, options) {
  const response = await send(path, options);
  if (!response.ok) {
    throw new ApiError(await reasonOf(response), response.status);
  }

  return response;
}

async function send(path, options) {
  const token = sessionStorage.getItem(storageKey);
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  try {
    return await fetch(path, {
      ...options, headers, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new ApiError('No answer.');
  }
}

async function reasonOf(response) {
  try {
    return (await response.json()).error || `Status ${response.status}.`;
  } catch {
    return `Status ${response.status}.`;
  }
}
