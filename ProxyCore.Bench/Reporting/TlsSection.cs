using System.Text;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page's section about proxies that end TLS.</summary>
internal static class TlsSection
{
    internal static string Text(IReadOnlyList<Measurement> measurements)
    {
        var text = new StringBuilder(
            """
            ## TLS

            ```sh
            dotnet run -c Release --project ProxyCore.Bench -- compare --scenarios tls
            dotnet run -c Release --project ProxyCore.Bench -- compare --scenarios tls-latency --rounds 10
            ```

            These scenarios run only when they or their group `tls` are named. The proxy ends TLS and relays in plain TCP to the
            upstream: HAProxy with `bind … ssl crt …`, its defaults, one thread; ProxyCore native with OpenSSL, and once more
            with `TlsEngine: SslStream`. `--haproxy PATH` measures a HAProxy of one's own beside them.

            - Certificates are made for each comparison: P-256, in tls-handshake-rsa RSA of 2048 bits.
            - Clients are .NET's SslStream and verify nothing. OpenSSL's configuration limits them to TLS 1.3,
              TLS_AES_128_GCM_SHA256 and X25519. The server's hello of every connection is read: it must show these three for all
              contenders, a resumed session in tls-resumed, and a full handshake elsewhere. Otherwise the comparison fails.
            - The clients take more processor time than the proxies, so handshakes/s and MB/s say little: compare the
              processor time of the proxy.
            - A handshake is counted with one request and its answer; the server's end closes the connection.
            - KB/connection (of 1000 bytes) is the proxy's growth over the last 400 of 500 connections, which are opened one after the
              other: the first hundred pay for what is allocated once.
            - In tls-latency the times are those of the plain connections on another listener of the same process. A request that
              is due while its connection still waits counts from when it was due.
            - Why handshakes cost what HAProxy's cost: of the instructions outside the kernel of a resumed one (valgrind, 200 of them)
              2.44 of 2.57 million are those of OpenSSL and the C library; of HAProxy's 2.46 of 2.52. The kernel takes 40% of
              the time of either.


            """);
        foreach (Scenario scenario in TlsScenarios.All.Where(scenario => measurements.Any(one => one.Scenario == scenario.Name)))
        {
            text.Append($"### {scenario.Name}: {scenario.Description}\n\n{ComparisonTables.Of(scenario, measurements)}\n");
        }

        return text.Append(Spread(measurements)).ToString();
    }

    /// <summary>How far the rounds of tls-latency differ; nothing where it was not measured.</summary>
    internal static string Spread(IReadOnlyList<Measurement> measurements)
    {
        double[] ratios = Medians.Ratios(
            [.. measurements.Where(static one => one.Scenario == TlsScenarios.Latency)],
            Contenders.Native,
            HAProxies.Name,
            Figure.P99.Value);
        return ratios.Length == 0
            ? ""
            : $"p99 of ProxyCore native over HAProxy's in {ratios.Length} rounds: from {ComparisonTables.Ratio(ratios[0])} to "
                + $"{ComparisonTables.Ratio(ratios[^1])}, half of them from {ComparisonTables.Ratio(ratios[ratios.Length / 4])} to "
                + $"{ComparisonTables.Ratio(ratios[(ratios.Length - 1) * 3 / 4])}.\n";
    }
}
