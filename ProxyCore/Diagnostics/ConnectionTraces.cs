using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ProxyCore.Diagnostics;

/// <summary>One <see cref="Activity"/> for each connection, made at its end: so none is held while it lives. Any thread.</summary>
internal static class ConnectionTraces
{
    internal const string SourceName = "ProxyCore";
    private const string ActivityName = "ProxyCore.Connection";

    private static readonly ActivitySource _source =
        new(SourceName, typeof(ConnectionTraces).Assembly.GetName().Version?.ToString(3));

    /// <summary>Whether there is a listener.</summary>
    internal static bool AreWanted => _source.HasListeners();

    internal static void Add(EndedConnection ended)
    {
        if (!AreWanted)
        {
            return;
        }

        // Code of the user on this thread may have left an activity, and one without a parent would become its child.
        Activity? before = Activity.Current;
        Activity.Current = null;
        try
        {
            DateTimeOffset begin = ended.At - ended.Report.Duration;
            using Activity? activity = _source.StartActivity(
                ActivityName, ActivityKind.Server, parentContext: default, TagsOf(ended.Report), links: null, begin);
            if (activity is not null)
            {
                Complete(activity, ended);
            }
        }
        finally
        {
            Activity.Current = before;
        }
    }

    private static void Complete(Activity activity, EndedConnection ended)
    {
        activity.DisplayName = $"relay {Printable.Shorten(ended.Report.Route)}";
        if (ended.Report.Reason is { } reason && !reason.IsOrderly())
        {
            activity.SetStatus(ActivityStatusCode.Error, reason.ToString());
        }

        activity.SetEndTime(ended.At.UtcDateTime);
    }

    // https://opentelemetry.io/docs/specs/semconv/registry/attributes/: client, server, network, error. The server is
    // the one behind the proxy: "server.address SHOULD represent the server address behind any intermediaries".
    private static ActivityTagsCollection TagsOf(ConnectionReport report)
    {
        var tags = new ActivityTagsCollection();
        foreach (ConnectionField field in ConnectionFields.All)
        {
            if (field.Tag is not null && field.ValueOf(report).ToObject() is { } value)
            {
                tags.Add(field.Tag, value);
            }
        }

        AddClient(tags, report.Client);
        AddServer(tags, report.Upstream);
        if (report.Reason is { } end && !end.IsOrderly())
        {
            tags.Add("error.type", EndReasons.NameOf(end));
        }

        return tags;
    }

    private static void AddClient(ActivityTagsCollection tags, EndPoint? client)
    {
        if (client is IPEndPoint ip)
        {
            IPAddress address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
            tags.Add("network.transport", "tcp");
            tags.Add("client.address", address.ToString());
            tags.Add("client.port", ip.Port);
        }
        else if (client is not null)
        {
            tags.Add("network.transport", "unix");
            tags.Add("client.address", Printable.Shorten(EndPointText.Of(client)));
        }
    }

    private static void AddServer(ActivityTagsCollection tags, string? upstream)
    {
        if (upstream is null)
        {
            return;
        }

        // An upstream is written as PORT, HOST:PORT or unix:/path.
        int colon = upstream.LastIndexOf(':');
        if (!ushort.TryParse(upstream.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            tags.Add("server.address", Printable.Shorten(upstream));
            return;
        }

        string host = colon < 0 ? "localhost" : upstream[..colon].Trim('[', ']');
        tags.Add("server.address", Printable.Shorten(host));
        tags.Add("server.port", (int)port);
    }
}
