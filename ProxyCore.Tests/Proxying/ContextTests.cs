using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>The loops and all that they start run without the execution context of the thread that starts the proxy.</summary>
internal sealed class ContextTests
{
    private static readonly AsyncLocal<string?> _ambient = new();

    [Test]
    public async Task Loop_and_look_up_see_neither_the_async_locals_nor_the_culture_of_the_starter()
    {
        var seen = new ConcurrentQueue<(string Where, string? Ambient, string Sign)>();
        CultureInfo before = CultureInfo.CurrentCulture;
        await using var upstream = new EchoUpstream();
        _ambient.Value = "of the starter";
        CultureInfo.CurrentCulture = CultureWithSign("of the starter");
        try
        {
            await using RunningProxy proxy = await RunningProxy.ToName(
                ((IPEndPoint)upstream.Endpoint).Port,
                (_, _) =>
                {
                    Note("look-up");
                    return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
                },
                options: options =>
                {
                    options.ConnectionObservers.Add(new Observer(Note));
                    options.AccessLog = new AccessLogOptions();
                });
            proxy.Log.Logged = name => Note(name is "ConnectionEnded" or "Stopped" ? name : "");
            await proxy.Serves(1);
            await proxy.Log.Saw("ConnectionEnded");
            CultureInfo.CurrentCulture = before;
            _ambient.Value = "of the one that stops it";
            await proxy.Proxy.StopAsync();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            _ambient.Value = null;
        }

        Assert.That(seen.Select(static one => one.Where), Is.SupersetOf(["look-up", "observer", "ConnectionEnded", "Stopped"]));
        Assert.That(seen.Where(static one => one.Where.Length > 0), Is.All.Matches<(string Where, string? Ambient, string Sign)>(
            one => one.Ambient is null && one.Sign != "of the starter"));

        void Note(string where) => seen.Enqueue((where, _ambient.Value, CultureInfo.CurrentCulture.NumberFormat.NegativeSign));
    }

    private static CultureInfo CultureWithSign(string sign)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = sign;
        return culture;
    }

    private sealed class Observer(Action<string> note) : IConnectionObserver
    {
        public void OnAccepted(ConnectionReport connection) => note("observer");
    }
}
