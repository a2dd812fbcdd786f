using System.Net.Sockets;
using ProxyCore.Connections;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Tests.Connections;

/// <summary>A client that was handed over is either refused or can be taken: never lost.</summary>
internal sealed class HandedClientsTests
{
    private HandedClients _handed = null!;
    private Socket _client = null!;

    [SetUp]
    public void Make()
    {
        _handed = new HandedClients();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    }

    [TearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public void Who_was_let_in_is_taken_once()
    {
        Assert.That(_handed.TryAdd(null!, new AcceptedClient(_client)));

        Assert.That(_handed.Take().Single().Client.Socket, Is.SameAs(_client));
        Assert.That(_handed.Take(), Is.Empty);
    }

    [Test]
    public void It_does_not_close_while_somebody_waits()
    {
        _handed.TryAdd(null!, new AcceptedClient(_client));

        Assert.That(_handed.TryClose(), Is.False);
        Assert.That(_handed.TryAdd(null!, new AcceptedClient(_client)), Is.True);
    }

    [Test]
    public void Once_closed_nobody_is_let_in()
    {
        Assert.That(_handed.TryClose());
        Assert.That(_handed.TryClose(), "closed already");

        Assert.That(_handed.TryAdd(null!, new AcceptedClient(_client)), Is.False);
        Assert.That(_handed.Take(), Is.Empty);
    }

    [Test]
    public void Closed_at_once_it_still_gives_out_who_waits()
    {
        _handed.TryAdd(null!, new AcceptedClient(_client));

        _handed.Close();

        Assert.That(_handed.TryAdd(null!, new AcceptedClient(_client)), Is.False);
        Assert.That(_handed.Take(), Has.Count.EqualTo(1));
    }
}
