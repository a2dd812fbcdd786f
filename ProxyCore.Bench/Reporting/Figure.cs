using System.Globalization;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Reporting;

/// <summary>One column of a table.</summary>
/// <param name="Title">Its heading, with the unit.</param>
/// <param name="Value">What it shows of a measurement.</param>
/// <param name="Format">How.</param>
internal sealed record Figure(string Title, Func<Measurement, double> Value, string Format)
{
    internal static Figure Requests { get; } = new("requests/s", static m => m.RequestsPerSecond, "N0");

    internal static Figure Connections { get; } = new("connections/s", static m => m.RequestsPerSecond, "N0");

    internal static Figure Bytes { get; } = new("MB/s", static m => m.BytesPerSecond / 1e6, "N0");

    internal static Figure TimePerRequest { get; } = new("processor µs/request", static m => m.ProcessorTimePerRequest, "0.0");

    internal static Figure TimePerConnection { get; } = new("processor µs/connection", static m => m.ProcessorTimePerRequest, "0.0");

    internal static Figure TimePerGigabyte { get; } = new("processor s/GB", static m => m.ProcessorTimePerGigabyte, "0.00");

    internal static Figure Handshakes { get; } = new("handshakes/s", static m => m.HandshakesPerSecond, "N0");

    internal static Figure TimePerHandshake { get; } = new("processor µs/handshake", static m => m.ProcessorTimePerRequest, "0");

    internal static Figure Growth { get; } = new("KB/connection", static m => m.GrowthPerConnection, "0.0");

    internal static Figure P50 { get; } = new("p50 µs", static m => m.Load.P50, "N0");

    internal static Figure P99 { get; } = new("p99 µs", static m => m.Load.P99, "N0");

    internal static Figure P999 { get; } = new("p99.9 µs", static m => m.Load.P999, "N0");

    internal static Figure ResidentAtStart { get; } = new("MB at start", static m => m.ResidentAtStart / 1e6, "0.0");

    internal static Figure Resident { get; } = new("MB at work", static m => m.Resident / 1e6, "0.0");

    /// <summary>What to show of a scenario.</summary>
    internal static IReadOnlyList<Figure> Of(LoadKind kind) => kind switch
    {
        LoadKind.Bulk or LoadKind.TlsBulk => [Bytes, TimePerGigabyte, Resident],
        LoadKind.TlsConnect or LoadKind.TlsResume => [Handshakes, TimePerHandshake, P50, P99, P999, Resident],
        LoadKind.TlsIdle => [Resident, Growth, ResidentAtStart],
        LoadKind.TlsBesidePlain => [P99, Handshakes, Requests, P50, P999, Resident],
        _ when kind.IsShort() => [Connections, TimePerConnection, P50, P99, P999, Resident],
        _ => [Requests, TimePerRequest, P50, P99, P999, ResidentAtStart, Resident],
    };

    internal string Show(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
