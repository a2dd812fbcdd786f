// The certificates in use, where the proxy speaks TLS: for how long they are still valid.

import { KeptChildren, fill } from './dom.js';
import { duration } from './format.js';

export class Certificates {
  #rows = new KeptChildren(document.getElementById('certificates'), 'certificate-template', (row, certificate) => fill(row, {
    names: certificate.names.join(', ') || certificate.subject,
    file: certificate.file,
    serial: certificate.serial,
    left: certificate.leftSeconds > 0 ? duration(certificate.leftSeconds) : 'expired',
    error: certificate.error ?? '',
  }));

  show(snapshot) {
    const hidden = snapshot.certificates.length === 0;
    document.getElementById('certificates-part').hidden = hidden;
    document.getElementById('certificates-link').hidden = hidden;
    this.#rows.show(snapshot.certificates.map(certificate => [certificate.file, certificate]));
  }
}
