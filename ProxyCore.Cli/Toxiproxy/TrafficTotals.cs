using System.Globalization;
using System.Text;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>The bytes of each proxy, under the names that toxiproxy's metrics have. Any thread.</summary>
internal sealed class TrafficTotals
{
    // A counter that goes away is no error for Prometheus; memory that only grows is.
    private const int MostEnded = 1000;

    private static readonly string[] _names = ["received", "sent"];

    private readonly Lock _gate = new();
    private readonly Dictionary<TcpProxy, Series> _running = [];
    private readonly Dictionary<Series, Bytes> _ended = [];
    private readonly Queue<Series> _oldest = [];

    /// <summary>Counts what a proxy does from its start.</summary>
    internal void Add(TcpProxy proxy, ProxyView view)
    {
        lock (_gate)
        {
            _running.Add(proxy, new Series(view.Name, view.Listen, view.Upstream));
        }
    }

    /// <summary>Keeps the figures of one that has stopped.</summary>
    internal void End(TcpProxy proxy)
    {
        lock (_gate)
        {
            if (!_running.Remove(proxy, out Series? series))
            {
                return;
            }

            if (!_ended.ContainsKey(series))
            {
                _oldest.Enqueue(series);
            }

            _ended[series] = _ended.GetValueOrDefault(series) + Bytes.Of(proxy);
            if (_ended.Count > MostEnded)
            {
                _ended.Remove(_oldest.Dequeue());
            }
        }
    }

    /// <summary>In the text format of Prometheus.</summary>
    internal void Append(StringBuilder text)
    {
        Dictionary<Series, Bytes> all = Sum();
        foreach (string name in _names)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE toxiproxy_proxy_{name}_bytes_total counter\n");
            foreach ((Series series, Bytes bytes) in all.OrderBy(static one => one.Key.Proxy, StringComparer.Ordinal))
            {
                AppendOne(text, name, "downstream", series, bytes.Downstream);
                AppendOne(text, name, "upstream", series, bytes.Upstream);
            }
        }
    }

    private Dictionary<Series, Bytes> Sum()
    {
        lock (_gate)
        {
            var all = new Dictionary<Series, Bytes>(_ended);
            foreach ((TcpProxy proxy, Series series) in _running)
            {
                all[series] = all.GetValueOrDefault(series) + Bytes.Of(proxy);
            }

            return all;
        }
    }

    private static void AppendOne(StringBuilder text, string name, string direction, Series series, long bytes) => text.Append(
        CultureInfo.InvariantCulture,
        $"toxiproxy_proxy_{name}_bytes_total{{direction=\"{direction}\",listener=\"{Label(series.Listener)}\",proxy=\"{Label(series.Proxy)}\",upstream=\"{Label(series.Upstream)}\"}} {bytes}\n");

    private static string Label(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private sealed record Series(string Proxy, string Listener, string Upstream);

    private readonly record struct Bytes(long Upstream, long Downstream)
    {
        public static Bytes operator +(Bytes one, Bytes other) => new(one.Upstream + other.Upstream, one.Downstream + other.Downstream);

        internal static Bytes Of(TcpProxy proxy)
        {
            TcpProxyStatistics statistics = proxy.GetStatistics();
            return new Bytes(statistics.BytesToUpstreams, statistics.BytesToClients);
        }
    }
}
