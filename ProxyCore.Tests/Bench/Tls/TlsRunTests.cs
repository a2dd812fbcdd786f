using System.Net.Security;
using System.Runtime.Versioning;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Load.Tls;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Bench.Tls;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TlsRunTests
{
    [TestCase(LoadKind.TlsConnect)]
    [TestCase(LoadKind.TlsResume)]
    public async Task Each_request_has_a_handshake_of_its_own(LoadKind kind)
    {
        using var server = new TlsAnswers();

        LoadResult result = await RunAsync(server, kind, busy: 3);

        Assert.That(result.Requests, Is.Positive);
        Assert.That(result.Handshakes, Is.EqualTo(result.Requests));
        Assert.That(result.Negotiated, Does.StartWith("TLS 1.3, "));
    }

    [Test]
    public async Task Requests_share_the_connections_that_were_opened_before()
    {
        using var server = new TlsAnswers();

        LoadResult result = await RunAsync(server, LoadKind.TlsRequests, busy: 2);

        Assert.That(result.Requests, Is.Positive);
        Assert.That(result.P50, Is.Positive);
        Assert.That(result.Handshakes, Is.Zero);
    }

    [Test]
    public async Task Busy_connections_close_when_the_run_is_over()
    {
        using var server = new TlsAnswers();

        await RunAsync(server, LoadKind.TlsRequests, busy: 2);

        await Bound.Within("the clients leave", server.AllHaveLeft);
    }

    [Test]
    public async Task Idle_connections_count_without_the_first_fifth()
    {
        using var server = new TlsAnswers();

        LoadResult result = await RunAsync(server, LoadKind.TlsIdle, idle: 10);

        Assert.That(result.Handshakes, Is.EqualTo(8));
        Assert.That(result.Requests, Is.Zero);
    }

    [Test]
    public void A_server_that_resumes_no_session_fails_the_run_that_measures_resumption()
    {
        using var server = new TlsAnswers(resumes: false);

        Assert.That(
            () => RunAsync(server, LoadKind.TlsResume, busy: 1),
            Throws.InvalidOperationException.With.Message.EqualTo("a connection resumed no session"));
    }

    [Test]
    public async Task A_client_for_full_handshakes_resumes_no_session_though_the_server_would()
    {
        using var server = new TlsAnswers();
        var agreement = new TlsAgreement();

        await VisitThreeTimesAsync(TlsClient.Full(server.EndPoint, agreement));

        Assert.That(agreement.Resumed, Is.Zero);
    }

    [Test]
    public async Task A_client_that_resumes_has_one_full_handshake()
    {
        using var server = new TlsAnswers();
        var agreement = new TlsAgreement();

        await VisitThreeTimesAsync(TlsClient.Resuming(server.EndPoint, agreement, number: 1));

        Assert.That(agreement.Resumed, Is.EqualTo(2));
    }

    [Test]
    public void A_connection_that_negotiates_something_else_than_the_first_is_refused()
    {
        var agreement = new TlsAgreement();
        agreement.Check(new ServerHello(TlsCipherSuite.TLS_AES_128_GCM_SHA256, 29, false));
        agreement.Check(new ServerHello(TlsCipherSuite.TLS_AES_128_GCM_SHA256, 29, true));

        Assert.That(
            () => agreement.Check(new ServerHello(TlsCipherSuite.TLS_AES_128_GCM_SHA256, 23, false)),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "a connection negotiated TLS 1.3, TLS_AES_128_GCM_SHA256, P-256, the first one TLS 1.3, TLS_AES_128_GCM_SHA256, X25519"));
    }

    private static async Task VisitThreeTimesAsync(TlsClient client)
    {
        Exchange exchange = await client.LearnAsync(Requests.Of(LoadKind.TlsConnect));
        await Bound.Within("the second answer", TlsVisit.AskOnceAsync(client, exchange));
        await Bound.Within("the third answer", TlsVisit.AskOnceAsync(client, exchange));
    }

    private static async Task<LoadResult> RunAsync(TlsAnswers server, LoadKind kind, int busy = 0, int idle = 0)
    {
        var plan = new LoadPlan(kind, server.EndPoint.Port, busy, idle, Rate: 0, WarmUp: 0.1, Seconds: 0.5);
        Task<LoadResult> run = new TlsRun(plan, static () => { }).RunAsync();
        await Bound.Within("the run ends", run);
        return await run;
    }
}
