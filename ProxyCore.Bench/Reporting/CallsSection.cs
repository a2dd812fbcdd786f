using System.Globalization;
using System.Text;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Reporting;

/// <summary>The page's section on system calls.</summary>
internal static class CallsSection
{
    // A call that is made less often than once in so many units is not worth a row.
    private const double Least = 0.05;

    private const string Text =
        """
        ## System calls

        ```sh
        dotnet run -c Release --project ProxyCore.Bench -- calls    # two minutes, with strace
        ```

        Calls a connection with one request, 16 at a time, which the server ends first; and calls a request on 64 connections that are
        kept. `strace -f -c -p PID` counts them in two runs of different size, and what is shown is the difference: it has no
        calls of the start and the end. strace slows the proxies down, so that more sockets are ready at each wait than otherwise.
        """;

    private const string Advice =
        """
        Packets cost more than calls. A server's answer and its FIN go to the client in one packet when both have come, and the
        request to the server carries the acknowledgement of the connect: two packets less.
        """;

    // In the order in which a connection needs them. The others come behind.
    private static readonly string[] _order =
    [
        "accept4", "accept", "clone", "socket", "connect", "bind", "fcntl", "ioctl", "setsockopt", "getsockopt", "getsockname", "getpeername",
        "recvfrom", "recvmsg", "read", "sendto", "sendmsg", "write", "writev", "splice", "shutdown", "close", "epoll_ctl",
    ];

    private static readonly string[] _waits = ["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2"];

    private static readonly Dictionary<string, string> _reasons = new()
    {
        ["fcntl"] = "the connect does not wait",
        ["ioctl"] = "the connect does not wait",
        ["setsockopt"] = "one acknowledgement less; of a request to an upstream that gets a second one, no delay",
        ["getsockopt"] = "whether the connect has succeeded, and how many clients are queued",
        ["getsockname"] = "whether the connection is one to itself; only for an upstream with a port that the system gives out, as here",
        ["recvfrom"] = "request, answer, and the end of each side",
        ["shutdown"] = "the second also tells whether the server has reset the connection",
        ["poll"] = "Select",
    };

    /// <summary>The section, from what was counted last; null when nothing was.</summary>
    internal static string? Of(IReadOnlyList<CallCount>? counts)
    {
        if (counts is null)
        {
            return null;
        }

        var text = new StringBuilder($"{Text}\n\n");
        foreach (CountedLoad load in CountedLoad.All)
        {
            CallCount[] own = [.. counts.Where(count => count.Unit == load.Unit)];
            if (own.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"### A {load.Unit}\n\n{TableOf(own)}\n");
            }
        }

        return text.Append(Advice).ToString();
    }

    private static string TableOf(CallCount[] counts)
    {
        string[] calls =
        [
            .. counts.SelectMany(static count => count.Calls.Keys).Distinct()
                .Where(call => counts.Any(count => Math.Abs(count.Of(call)) >= Least))
                .OrderBy(Place).ThenBy(static call => call, StringComparer.Ordinal),
        ];
        return Table.Render(
            ["call", .. counts.Select(static count => count.Contender), "what ProxyCore needs it for"],
            [
                .. calls.Select(call => (IReadOnlyList<string>)[call, .. counts.Select(count => Show(count.Of(call))), ReasonOf(call, counts)]),
                ["**in all**", .. counts.Select(static count => $"**{Show(count.Total)}**"), ""],
                ["without the waits", .. counts.Select(static count => Show(count.Total - _waits.Sum(count.Of))), ""],
            ],
            texts: 1);
    }

    private static int Place(string call)
    {
        int place = Array.IndexOf(_order, call);
        return Array.IndexOf(_waits, call) >= 0 ? _order.Length + 1 : place < 0 ? _order.Length : place;
    }

    private static string ReasonOf(string call, CallCount[] counts) =>
        counts.Any(count => count.Contender == Contenders.Native && count.Of(call) >= Least) ? _reasons.GetValueOrDefault(call, "") : "";

    private static string Show(double calls) =>
        Math.Abs(calls) < Least ? "–" : calls.ToString("0.0", CultureInfo.InvariantCulture);
}
