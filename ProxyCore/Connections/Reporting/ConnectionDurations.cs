using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProxyCore.Diagnostics;

namespace ProxyCore.Connections.Reporting;

/// <summary>The histograms of connections: how long clients wait for an upstream, and how long connections are open.</summary>
/// <remarks>The loops record them; nearly free without a listener.</remarks>
internal sealed class ConnectionDurations
{
    // From a refused connect to a session of a day; the SDK's own buckets are made for requests, and end at ten seconds.
    private static readonly InstrumentAdvice<double> _durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800, 3600, 21600, 86400],
    };

    private static readonly InstrumentAdvice<double> _connects = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Histogram<double> _open;
    private readonly Histogram<double> _connect;
    private readonly KeyValuePair<string, object?>[] _tags;

    /// <param name="meter">The meter that they belong to.</param>
    /// <param name="tags">Added to every measurement.</param>
    internal ConnectionDurations(Meter meter, KeyValuePair<string, object?>[] tags)
    {
        _tags = tags;
        _open = meter.CreateHistogram(
            "proxycore.connection.duration", "s", "How long connections were open.", tags: null, _durations);
        _connect = meter.CreateHistogram(
            "proxycore.connect.duration", "s", "From accept until the upstream was connected.", tags: null, _connects);
    }

    /// <summary>Records how long a client waited for its upstream.</summary>
    internal void NoteConnected(string route, TimeSpan age)
    {
        if (_connect.Enabled)
        {
            Record(_connect, age, new TagList { { TagNames.Route, route } });
        }
    }

    /// <summary>Records how long a connection was open.</summary>
    internal void NoteEnded(string route, EndReason reason, TimeSpan age)
    {
        if (_open.Enabled)
        {
            Record(_open, age, new TagList { { TagNames.Route, route }, { TagNames.EndReason, EndReasons.NameOf(reason) } });
        }
    }

    private void Record(Histogram<double> histogram, TimeSpan time, TagList tags)
    {
        foreach (KeyValuePair<string, object?> tag in _tags)
        {
            tags.Add(tag);
        }

        try
        {
            histogram.Record(time.TotalSeconds, in tags);
        }
        catch (Exception)
        {
            // A listener is called here, on the loop's thread. What it throws must not end a connection.
        }
    }
}
