#!/usr/bin/env bash
# Guess:     when a non-blocking connect() ends with an error in SO_ERROR, the connection was never
#            made, so there is nothing to read and it is safe to try the next server.
# Behaviour: a server that accepts, writes a refusal ("too many connections") and resets at once
#            can do all that before the client looks at the readiness of its connect. SO_ERROR then
#            gives ECONNRESET, so by the rule of connect(2) the connect has failed, and yet a recv()
#            on the same socket returns the whole refusal. A client that closes the socket on
#            SO_ERROR loses the server's explanation, and counts a reachable server as unreachable.
# Seen with: Linux 6.18, python3 standard library, 2026-11-28.
# Source:    connect(2), paragraph EINPROGRESS: SO_ERROR decides whether the connect succeeded.
set -euo pipefail
command -v python3 >/dev/null || { echo "python3 is missing" >&2; exit 2; }
timeout 60 python3 - <<'PY'
import collections, errno, platform, select, socket, struct, sys, time

ROUNDS = 50
GREETING = b"too many connections\n"


def name(number):
    return errno.errorcode.get(number, "0")


def refuse(listener):
    server, _ = listener.accept()
    server.sendall(GREETING)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.close()


def observe():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        client.setblocking(False)
        connect = name(client.connect_ex(listener.getsockname()))
        refuse(listener)
        deadline = time.monotonic() + 5
        poll = select.poll()
        poll.register(client, select.POLLOUT)
        while not any(flags & select.POLLERR for _, flags in poll.poll(100)):
            if time.monotonic() > deadline:
                return connect, "no error within 5 s", b""
        error = name(client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        return connect, error, client.recv(100)


seen = collections.Counter(observe() for _ in range(ROUNDS))
print(f"Linux {platform.release()}, {ROUNDS} connections")
for (connect, error, received), times in seen.items():
    print(f"connect() {connect}; SO_ERROR {error}; recv() then returned {received!r}  ({times} times)")
same = seen == {("EINPROGRESS", "ECONNRESET", GREETING): ROUNDS}
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
