namespace ProxyCore.Cli.Admin;

/// <summary>The answer of <c>GET /api/connections</c>: a page of what a search has found.</summary>
/// <param name="Connections">The connections, the oldest first.</param>
/// <param name="Matching">How many there are, with those of other pages.</param>
/// <param name="Next">What <c>after</c> is for the next page; null when there are no more.</param>
internal sealed record ConnectionsView(IEnumerable<ConnectionView> Connections, int Matching, long? Next)
{
    internal static ConnectionsView Of(ConnectionPage page) => new(page.Connections.Select(ConnectionView.Of), page.Matching, page.Next);
}

/// <summary>The answer of <c>DELETE /api/connections</c>.</summary>
/// <param name="Ended">How many connections were ended.</param>
internal sealed record EndedView(int Ended);
