#!/usr/bin/env bash
# Guess:     after a peer resets a TCP connection, every later call on the socket reports the reset,
#            so a reader can always tell a reset (truncated stream) from a FIN (complete stream).
# Behaviour: Linux keeps one pending error per socket and hands it to the first call that asks.
#            When a send() gets ECONNRESET, the following recv() returns 0, exactly as after a FIN.
#            A relay that writes on one thread and reads on another records a clean end of stream.
#            What still tells the two apart is the state in TCP_INFO: CLOSE after the reset,
#            CLOSE_WAIT after the FIN.
# Seen with: Linux 6.18, python3 standard library, 2026-11-28.
# Source:    tcp(7) and send(2) do not mention it; found by measuring.
set -euo pipefail
command -v python3 >/dev/null || { echo "python3 is missing" >&2; exit 2; }
timeout 60 python3 - <<'PY'
import collections, platform, socket, struct, sys, time

ROUNDS = 50
STATES = {1: "ESTABLISHED", 7: "CLOSE", 8: "CLOSE_WAIT"}


def pair():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname(), timeout=5)
        far, _ = listener.accept()
    return near, far


def close_with_reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def tcp_state(sock):
    number = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return STATES.get(number, str(number))


def wait_until_closed(sock):
    deadline = time.monotonic() + 5
    while tcp_state(sock) == "ESTABLISHED" and time.monotonic() < deadline:
        time.sleep(0.001)


def call(function, argument):
    try:
        result = function(argument)
        return f"returned {result!r}"
    except ConnectionResetError:
        return "ECONNRESET"


def observe(end, send_first):
    near, far = pair()
    with near:
        end(far)
        wait_until_closed(near)
        state = tcp_state(near)
        sent = call(near.send, b"x") if send_first else "not called"
        return sent, call(near.recv, 16), state


cases = {
    "FIN,   recv() alone": (socket.socket.close, False, ("not called", "returned b''", "CLOSE_WAIT")),
    "reset, recv() alone": (close_with_reset, False, ("not called", "ECONNRESET", "CLOSE")),
    "reset, send() first": (close_with_reset, True, ("ECONNRESET", "returned b''", "CLOSE")),
}
print(f"Linux {platform.release()}, {ROUNDS} connections for each case")
same = True
for name, (end, send_first, expected) in cases.items():
    seen = collections.Counter(observe(end, send_first) for _ in range(ROUNDS))
    for (sent, received, state), times in seen.items():
        print(f"{name}: send() {sent}; recv() {received}; state {state}  ({times} times)")
    same &= seen == {expected: ROUNDS}
print("As described." if same else "This has CHANGED.")
sys.exit(0 if same else 1)
PY
