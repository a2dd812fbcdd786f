using System.Diagnostics.Metrics;
using ProxyCore.Connections.Statistics;

namespace ProxyCore.Tests.Certificates;

/// <summary>How long each certificate is valid, as a metric.</summary>
internal sealed class CertificateMetricTests
{
    [Test]
    public void The_metric_has_the_seconds_that_each_certificate_is_still_valid()
    {
        List<(double Seconds, string Tags)> found = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "proxycore.tls.certificate.expiry")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            found.Add((value, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        using var meter = new ProxyMeter(factory: null, proxy: "certificates of this test");
        meter.ObserveCertificates(static () => [Status("/a", TimeSpan.FromHours(1)), Status("/b", TimeSpan.FromSeconds(-2))]);
        listener.RecordObservableInstruments();

        Assert.That(found.Where(static one => one.Tags.EndsWith("of this test", StringComparison.Ordinal)), Is.EqualTo(
        [
            (3600.0, "proxycore.tls.certificate.file=/a proxycore.proxy=certificates of this test"),
            (-2.0, "proxycore.tls.certificate.file=/b proxycore.proxy=certificates of this test"),
        ]));
    }

    private static CertificateStatus Status(string file, TimeSpan left) => new()
    {
        File = file,
        Subject = "",
        Names = [],
        Serial = "",
        NotBefore = default,
        NotAfter = default,
        TimeLeft = left,
        Error = null,
    };
}
