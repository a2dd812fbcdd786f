using System.Net.Sockets;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>Handshakes with upstreams, on a loop of their own, without any cryptography.</summary>
internal sealed class UpstreamHandshakeTests
{
    private readonly List<long> _turns = [];
    private SocketPair[] _sockets = null!;
    private RunningLoop _running = null!;
    private HandshakeTurns _handshakeTurns = null!;

    [SetUp]
    public void StartLoop()
    {
        _turns.Clear();
        _sockets = [.. Enumerable.Range(0, 3).Select(static _ => SocketPair.Connect())];
        _running = new RunningLoop();
        _handshakeTurns = new HandshakeTurns(_running.Loop);
    }

    [TearDown]
    public void StopLoop()
    {
        _running.Dispose();
        Array.ForEach(_sockets, static pair => pair.Dispose());
    }

    [Test]
    public void Answers_of_upstreams_that_come_at_once_are_handled_one_in_a_turn()
    {
        using var done = new CountdownEvent(_sockets.Length);
        _running.Do(() =>
        {
            Array.ForEach(_sockets, pair => Begin(pair, _ => done.Signal()));
            AnswerAll();
        });

        Assert.That(done.Wait(SocketPair.Patience), Is.True, "handshakes are not over");
        Assert.That(_turns.Distinct().Count(), Is.EqualTo(_sockets.Length), "turns");
    }

    [Test]
    public void Handshake_that_is_abandoned_while_it_waits_for_its_turn_does_not_go_on()
    {
        var owner = new Member();
        List<UpstreamHandshake> handshakes = [];
        _running.Do(() =>
        {
            foreach (SocketPair pair in _sockets)
            {
                handshakes.Add(Begin(pair, _ => handshakes.ForEach(static one => one.Abandon()), owner));
            }

            AnswerAll();
        });
        Assert.That(() => _running.Do(() => _turns.Count), Is.Not.Zero.After((int)SocketPair.Patience.TotalMilliseconds, 1));

        // Those that wait run in the next turns.
        Array.ForEach(_sockets, _ => _running.FinishTurn());

        Assert.That(_running.Do(() => _turns.Count), Is.EqualTo(1), "answers that were handled");
        Assert.That(owner.Faults, Is.Empty);
    }

    private UpstreamHandshake Begin(SocketPair pair, Action<HandshakeOutcome> completed, Member? owner = null)
    {
        var security = new UpstreamSecurity(
            StartTlsMode.None, static _ => [], socket => new ScriptedTransport(socket, () => HandleAnswer(socket)), _handshakeTurns);
        var handshake = new UpstreamHandshake(_running.Loop, owner ?? new Member(), pair.Near, security, completed);
        handshake.Begin();
        return handshake;
    }

    // On the loop's thread: all of them are there when it looks.
    private void AnswerAll() => Array.ForEach(_sockets, static pair => pair.Far.Send("x"u8));

    /// <summary>A handshake is done once a byte has come.</summary>
    private HandshakeStatus HandleAnswer(Socket socket)
    {
        if (SocketTransfer.Receive(socket, new byte[1], out _) != TransferResult.Success)
        {
            return HandshakeStatus.NeedMore;
        }

        _turns.Add(_running.Loop.Turns);
        return HandshakeStatus.Done;
    }
}
