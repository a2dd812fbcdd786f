using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Faults;

/// <summary>Whether a toxic acts on one connection: drawn once, and asked again when the toxic has changed. Belongs to the loop's thread.</summary>
/// <param name="toxic">The toxic.</param>
/// <param name="seed">Where its chance begins on this connection.</param>
/// <param name="connection">The number of the connection.</param>
internal sealed class ToxicChoice(RouteToxic toxic, ulong seed, long connection)
{
    private readonly double _draw = ToxicDraw.ShareOf(seed);

    // Its place among the connections that the toxic would act on; 0 before it has one.
    private long _place;
    private bool _isCounted;

    internal RouteToxic Toxic => toxic;

    /// <summary>Where the chance of what it does begins.</summary>
    internal ulong Seed => seed;

    /// <summary>Whether it acts now.</summary>
    internal bool Acts(IIdentifiedClient client)
    {
        Toxic settings = toxic.Settings.Toxic;
        bool isNew = connection > toxic.LastConnection;
        bool isInScope = settings.Scope == ToxicScope.All || isNew == (settings.Scope == ToxicScope.NewConnections);
        if (!isInScope || _draw >= settings.Toxicity || !toxic.IsFor(client.Identify().Address))
        {
            return false;
        }

        _place = _place == 0 ? toxic.CountCandidate() : _place;
        bool acts = _place > settings.SkipConnections && _place - settings.SkipConnections <= (settings.TakeConnections ?? long.MaxValue);
        if (acts && !_isCounted)
        {
            _isCounted = true;
            toxic.CountConnection();
        }

        return acts;
    }
}
