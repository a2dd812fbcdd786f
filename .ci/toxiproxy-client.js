// Does all that toxiproxy-node-client can do with the server at the URL that is given, with connections through its proxies.
'use strict';
const assert = require('node:assert');
const net = require('node:net');
const { Toxiproxy } = require('toxiproxy-node-client');

const toxiproxy = new Toxiproxy(process.argv[2]);

// An upstream that sends back what it gets.
function startEcho() {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

// Whether a connection through a proxy gets an echo.
function echoes(proxy) {
  const port = Number(proxy.listen.split(':').pop());
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('ping'));
    socket.setTimeout(10000, () => socket.destroy());
    socket.on('data', () => { resolve(true); socket.destroy(); });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}

function fails(promise, status) {
  return assert.rejects(promise, { message: `Request failed with status code ${status}` });
}

async function changeProxies(upstream) {
  const proxy = await toxiproxy.createProxy({ name: 'one', listen: 'localhost:0', upstream });
  assert.match(proxy.listen, /^127\.0\.0\.1:[1-9]\d*$/);
  assert.deepStrictEqual((await toxiproxy.get('one')).toJson(), proxy.toJson());
  assert.ok(await echoes(proxy));
  await fails(toxiproxy.createProxy({ name: 'one', listen: 'localhost:0', upstream }), 409);
  await fails(toxiproxy.createProxy({ name: 'two', listen: proxy.listen, upstream }), 500);
  await fails(toxiproxy.createProxy({ name: 'two', listen: 'localhost:0', upstream: '' }), 400);
  await fails(toxiproxy.get('two'), 404);

  const disabled = await proxy.update({ enabled: false, listen: proxy.listen, upstream });
  assert.strictEqual(disabled.enabled, false);
  assert.ok(!await echoes(proxy));
  await toxiproxy.reset();
  assert.ok(await echoes(proxy));

  const both = await toxiproxy.populate([
    { name: 'one', listen: proxy.listen, upstream },
    { name: 'two', listen: 'localhost:0', upstream },
  ]);
  assert.deepStrictEqual(Object.keys(both), ['one', 'two']);
  assert.ok(await echoes(both.two));
  assert.deepStrictEqual(Object.keys(await toxiproxy.getAll()), ['one', 'two']);
  await both.two.remove();
  await fails(both.two.remove(), 404);
  return proxy;
}

async function changeToxics(proxy) {
  const types = {
    latency: { latency: 1000, jitter: 100 },
    bandwidth: { rate: 1000 },
    slow_close: { delay: 1000 },
    timeout: { timeout: 5000 },
    reset_peer: { timeout: 1000 },
    slicer: { average_size: 1000, size_variation: 1000, delay: 1000 },
    limit_data: { bytes: 42 },
  };
  for (const [type, attributes] of Object.entries(types)) {
    const toxic = await proxy.addToxic({ type, attributes });
    const expected = { name: `${type}_downstream`, type, stream: 'downstream', toxicity: 1, attributes };
    assert.deepStrictEqual(toxic.toJson(), expected);
    await fails(proxy.addToxic({ type, attributes }), 409);
    assert.deepStrictEqual((await proxy.getToxic(toxic.name)).toJson(), expected);
    const [first] = Object.keys(attributes);
    const updated = await toxic.update({ toxicity: 0.5, attributes: { [first]: attributes[first] + 1000 } });
    assert.deepStrictEqual(
      updated.toJson(), { ...expected, toxicity: 0.5, attributes: { ...attributes, [first]: attributes[first] + 1000 } });
    await toxic.remove();
    await fails(proxy.getToxic(toxic.name), 404);
  }

  await fails(proxy.addToxic({ type: 'none', attributes: {} }), 400);
  const refuse = await proxy.addToxic({ type: 'refuse', stream: 'upstream', name: 'away', attributes: {} });
  assert.ok(!await echoes(proxy));
  await refuse.remove();
  assert.ok(await echoes(proxy));
}

async function main() {
  const echo = await startEcho();
  const upstream = `127.0.0.1:${echo.address().port}`;
  assert.match(JSON.parse(await toxiproxy.getVersion()).version, /^2\.\d+\.\d+$/);
  const proxy = await changeProxies(upstream);
  await changeToxics(proxy);
  await proxy.remove();
  assert.deepStrictEqual(await toxiproxy.getAll(), {});
  echo.close();
  console.log('all good');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
