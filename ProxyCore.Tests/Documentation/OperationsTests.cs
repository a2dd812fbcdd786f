using System.Diagnostics.Metrics;
using ProxyCore.Diagnostics;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Structure;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Documentation;

/// <summary>docs/operations.md tells of every metric and of every way in which a connection ends.</summary>
internal sealed class OperationsTests
{
    private static readonly string[] _rows =
        [.. File.ReadLines(Path.Combine(Repository.Pages, "operations.md")).Where(static line => line.StartsWith('|'))];

    [Test]
    public void Every_reason_has_a_row_with_its_side([Values] EndReason reason)
    {
        string side = reason.EndedBy()?.ToString().ToLowerInvariant() ?? "proxy";

        Assert.That(_rows, Has.One.StartsWith($"| `{reason}` | {side} |"));
    }

    [Test]
    public void Every_reason_has_a_meaning_on_the_admin_page([Values] EndReason reason) => Assert.That(
        File.ReadAllText(Path.Combine(Repository.Command, "Admin", "Page", "ends.js")), Does.Contain($"\n  {reason}: '"));

    [Test]
    public void Every_field_of_a_connection_has_a_row_with_its_names() => Assert.That(
        ConnectionFields.All.Where(static field => !_rows.Any(row => row.Contains($" | `{field.Json}` | `{field.Property}` | "))),
        Is.Empty);

    [Test]
    public async Task Every_metric_has_a_row_with_its_unit()
    {
        var instruments = new Dictionary<string, string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "ProxyCore")
            {
                instruments[instrument.Name] = instrument.Unit;
            }
        };
        listener.Start();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);

        // Two of a kind share a row, as in `proxycore.upstream.connects`, `.failed_connects`.
        Assert.That(instruments, Is.Not.Empty);
        Assert.That(
            instruments.Where(static one => !_rows.Any(row =>
                (row.Contains($"`{one.Key}`") || row.Contains($"`.{one.Key.Split('.')[^1]}`")) && row.Contains($"| `{one.Value}` |"))),
            Is.Empty);
    }
}
