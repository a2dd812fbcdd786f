using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli;

/// <summary>
/// Bounds the connections to an HTTP server. A new connection is always served: above the maximum the one that has been
/// quiet longest is closed, so that connections which are only held keep no health check out. Any thread.
/// </summary>
/// <param name="most">How many are open at a time.</param>
/// <param name="clock">The clock.</param>
internal sealed class HttpConnections(int most, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Use> _open = [];

    /// <summary>Wraps what serves a connection.</summary>
    internal ConnectionDelegate Limit(ConnectionDelegate next) => async connection =>
    {
        // Kestrel drops a request when it sees the client's FIN. A client that has finished sending still waits for the
        // answer; one that is gone is noticed when the answer is written.
        connection.ConnectionClosed = CancellationToken.None;
        var use = new Use(connection) { QuietSince = clock.GetTimestamp() };
        Add(use)?.Connection.Abort(new ConnectionAbortedException("A newer connection has taken its place."));
        connection.Features.Set(use);
        try
        {
            await next(connection);
        }
        finally
        {
            Remove(use);
        }
    };

    /// <summary>Notes that a connection has a request, as long as <paramref name="next"/> answers it.</summary>
    internal async Task Note(HttpContext context, RequestDelegate next)
    {
        Use? use = context.Features.Get<Use>();
        Note(use, hasRequest: true);
        try
        {
            await next(context);
        }
        finally
        {
            Note(use, hasRequest: false);
        }
    }

    /// <summary>Adds a connection; returns the one to close, if there are too many.</summary>
    private Use? Add(Use use)
    {
        lock (_gate)
        {
            Use? quietest = _open.Count < most ? null : _open.MinBy(static one => (one.HasRequest, one.QuietSince));
            if (quietest is not null)
            {
                _open.Remove(quietest);
            }

            _open.Add(use);
            return quietest;
        }
    }

    private void Remove(Use use)
    {
        lock (_gate)
        {
            _open.Remove(use);
        }
    }

    private void Note(Use? use, bool hasRequest)
    {
        if (use is null)
        {
            return;
        }

        lock (_gate)
        {
            use.HasRequest = hasRequest;
            use.QuietSince = clock.GetTimestamp();
        }
    }

    /// <summary>What a connection is used for.</summary>
    private sealed class Use(ConnectionContext connection)
    {
        public ConnectionContext Connection => connection;

        public bool HasRequest { get; set; }

        /// <summary>When it was accepted, or its last request began or ended.</summary>
        public long QuietSince { get; set; }
    }
}
