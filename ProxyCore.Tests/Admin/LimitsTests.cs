using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>A page that is broken, or hostile, costs the proxy nothing.</summary>
internal sealed class LimitsTests : AdminFixture
{
    [TestCase("GET /{0} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414")]
    [TestCase("GET / HTTP/1.1\r\nHost: localhost\r\nX: {0}\r\n\r\n", "431")]
    [TestCase("POST /api/connections/1/end HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{0}", "413")]
    [TestCase("POST /api/toxics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{0}", "413")]
    [TestCase("POST /api/toxics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + RunningAdmin.Token + "\r\nTransfer-Encoding: chunked\r\n\r\n4E20\r\n{0}", "413")]
    [TestCase("PATCH /api/toxics?route=a&name=b&enabled=true HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{0}", "413")]
    [TestCase("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4E20\r\n{0}", "413")]
    public async Task A_request_that_is_too_large_is_refused(string format, string status)
    {
        using Peer peer = await Peer.Connect(Page.Endpoint);

        await peer.Send(format.Replace("{0}", new string('x', 20_000)));

        Assert.That(await peer.ReceiveText("HTTP/1.1 414".Length), Is.EqualTo($"HTTP/1.1 {status}"));
    }

    [Test]
    public async Task Bytes_that_are_no_http_are_refused()
    {
        using Peer peer = await Peer.Connect(Page.Endpoint);

        await peer.Send(RandomNumbers(10_000));

        Assert.That(await peer.ReceiveText("HTTP/1.1 400".Length), Is.EqualTo("HTTP/1.1 400"));
        await Answers();
    }

    [Test]
    public async Task Who_reads_nothing_holds_up_nobody()
    {
        List<Peer> readers = [];
        string requests = string.Concat(Enumerable.Repeat(
            $"GET /api/snapshot HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {RunningAdmin.Token}\r\n\r\n", 300));
        for (int i = 0; i < 20; i++)
        {
            readers.Add(await Peer.Connect(Page.Endpoint));
            SendWhatFits(readers[i].Socket, requests);
        }

        await Answers();
        using Peer client = await Proxy.Connect();
        await client.Echoes("ping");

        readers.ForEach(static reader => reader.Dispose());
    }

    [Test]
    public async Task The_quietest_of_more_connections_than_a_page_needs_are_closed_and_never_count_as_the_proxys()
    {
        List<Peer> peers = [];
        for (int i = 0; i < 130; i++)
        {
            peers.Add(await Peer.Connect(Page.Endpoint));
        }

        using Peer client = await Proxy.Connect();
        await client.Echoes("ping");
        Assert.That(Proxy.Proxy.GetStatistics().Active, Is.EqualTo(1));
        await peers[0].ReceiveWhatComes();

        peers.ForEach(static peer => peer.Dispose());
        await Bound.Within("an answer", async token =>
        {
            while (true)
            {
                try
                {
                    await Answers();
                    return true;
                }
                catch (HttpRequestException) when (!token.IsCancellationRequested)
                {
                    // It has not seen yet that they are gone.
                }
            }
        });
    }

    [Test]
    public async Task Hundreds_of_requests_while_many_connections_relay_harm_none()
    {
        const int Clients = 100;
        var clients = new List<Peer>();
        for (int i = 0; i < Clients; i++)
        {
            clients.Add(await Proxy.Connect());
        }

        using var asked = new CancellationTokenSource();
        Task relaying = Task.WhenAll(clients.Select(async client =>
        {
            for (int i = 0; i < 20 || !asked.IsCancellationRequested; i++)
            {
                await client.Echoes($"message {i}");
            }
        }));
        string[] paths = ["/api/snapshot", "/metrics", "/", "/readyz"];
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async worker =>
        {
            HttpStatusCode worst = HttpStatusCode.OK;
            for (int i = 0; i < 20; i++)
            {
                HttpStatusCode status = await Page.Status(HttpMethod.Get, paths[(worker + i) % paths.Length], RunningAdmin.Token);
                worst = status > worst ? status : worst;
            }

            return worst;
        }));
        await asked.CancelAsync();
        await relaying;

        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(Proxy.Proxy.GetStatistics().Active, Is.EqualTo(Clients));
        clients.ForEach(static client => client.Dispose());
    }

    [TestCase("")]
    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task Connections_that_are_only_held_keep_no_health_check_out(string begin)
    {
        List<Peer> held = [];
        for (int i = 0; i < 64; i++)
        {
            held.Add(await Peer.Connect(Page.Endpoint));
            await held[i].Send(begin);
        }

        using var probe = new HttpClient { BaseAddress = Page.Http.BaseAddress };
        Assert.That(await probe.GetStringAsync("/healthz"), Is.EqualTo("ok"));

        held.ForEach(static peer => peer.Dispose());
    }

    [TestCase("/healthz")]
    [TestCase("/api/snapshot")]
    public async Task A_request_that_the_clients_fin_follows_gets_its_answer(string path)
    {
        for (int i = 0; i < 20; i++)
        {
            using Peer peer = await Peer.Connect(Page.Endpoint);
            await peer.Send($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {RunningAdmin.Token}\r\n\r\n");
            peer.Fin();

            Assert.That(await peer.ReceiveText("HTTP/1.1 200".Length), Is.EqualTo("HTTP/1.1 200"));
        }
    }

    [TestCase("xn--localhost-")]
    [TestCase("xn--localhost-:80")]
    [TestCase("xn--\u00ff")]
    public async Task A_host_that_is_no_name_is_refused_and_adds_nothing_to_the_log(string host)
    {
        // As the command logs: of each request ASP.NET Core would write, and stumble over the name itself.
        Page.Log.Minimum = LogLevel.Warning;
        foreach (string path in (string[])["/", "/api/snapshot", "/healthz", "/nothing"])
        {
            using Peer peer = await Peer.Connect(Page.Endpoint);
            await peer.Send($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");

            Assert.That(await peer.ReceiveText("HTTP/1.1 400".Length), Is.EqualTo("HTTP/1.1 400"), path);
        }

        Assert.That(Page.Log.Entries.Where(static entry => entry.Level >= LogLevel.Warning), Is.Empty);
    }

    private static byte[] RandomNumbers(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static void SendWhatFits(Socket socket, string text)
    {
        socket.Blocking = false;
        socket.Send(System.Text.Encoding.ASCII.GetBytes(text), SocketFlags.None, out _);
    }

    private async Task Answers() =>
        Assert.That(await Page.Status(HttpMethod.Get, "/api/snapshot", RunningAdmin.Token), Is.EqualTo(HttpStatusCode.OK));
}
