// Why connections ended: in the last minute and in total, the orderly ends apart from the others.

import { KeptChildren, fill, setText } from './dom.js';
import { count } from './format.js';

const orderly = ['ClientFin', 'UpstreamFin'];
const meanings = {
  ClientFin: 'both sides finished, the client first',
  UpstreamFin: 'both sides finished, the upstream first',
  ClientReset: 'the client reset it',
  UpstreamReset: 'the upstream reset it',
  ClientLost: 'the client can’t be reached any more',
  UpstreamLost: 'the upstream can’t be reached any more',
  ResolveFailed: 'the upstream’s name could not be resolved',
  NoUpstream: 'no upstream was healthy',
  QueueFull: 'too many clients waited for an upstream',
  QueueTimeout: 'waited too long for an upstream',
  ConnectRefused: 'the upstream refused',
  ConnectTimeout: 'the upstream did not answer in time',
  ConnectFailed: 'the upstream could not be connected to',
  UpstreamDown: 'checks found the upstream down',
  IdleTimeout: 'no byte either way for too long',
  MaxLifetime: 'open for as long as a connection may be',
  HalfCloseTimeout: 'one side had finished, the other sent nothing',
  DrainTimeout: 'still open at the end of the drain',
  OutOfResources: 'the proxy had no descriptor, port or memory left, or no permission',
  ProxyHeaderInvalid: 'the sender sent no valid PROXY header',
  ProxyHeaderTimeout: 'the sender sent no whole PROXY header in time',
  ClientHelloInvalid: 'the client’s TLS hello could not be read',
  PrereadTimeout: 'the client sent only a part of its TLS hello in time',
  NoRoute: 'no route was for the client',
  AccessDenied: 'the access lists did not let the client in, or it was denied for a time',
  ClientConnectionLimit: 'the client had too many connections',
  ClientRateLimit: 'the client made connections too fast',
  RouteConnectionLimit: 'the route had too many connections',
  UpstreamHandshakeFailed: 'the upstream refused TLS',
  ClientTlsFailed: 'the TLS handshake with the client failed',
  ClientTlsTimeout: 'the client was too slow with its TLS handshake',
  TlsFailed: 'the TLS handshake with the upstream failed',
  ClientTruncated: 'the client finished, without the end that TLS asks for',
  UpstreamTruncated: 'the upstream finished, without the end that TLS asks for',
  Toxic: 'ended by a fault on purpose',
  Operator: 'ended by hand',
  UpstreamCut: 'ended by hand, with all others of its upstream',
  ClientCut: 'ended when its client was denied',
  Shutdown: 'cut by the stop',
  Fault: 'an unexpected error, see the log',
};

export class Ends {
  #history;
  #orderly = rows('ends-orderly');
  #others = rows('ends-others');

  constructor(history) {
    this.#history = history;
  }

  show(snapshot) {
    const recent = this.#history.recentEnds();
    const ends = Object.entries(snapshot.statistics.ended)
      .map(([reason, total]) => [reason, { reason, total, recent: recent.counts[reason] }]);
    const others = ends.filter(([reason, { total }]) => !orderly.includes(reason) && total > 0);
    this.#orderly.show(ends.filter(([reason]) => orderly.includes(reason)));
    this.#others.show(others);
    document.getElementById('ends-no-others').hidden = others.length > 0;
    setText(document.getElementById('ends-recent'), recent.seconds < 59 ? `Last ${recent.seconds} s` : 'Last minute');
  }
}

function rows(id) {
  return new KeptChildren(document.getElementById(id), 'end-template', (row, end) => {
    fill(row, {
      reason: end.reason, meaning: meanings[end.reason] ?? '', recent: count(end.recent), total: count(end.total),
    });
    row.classList.toggle('noticed', end.recent > 0 && !orderly.includes(end.reason));
  });
}
