namespace ProxyCore.Relay.Toxics;

/// <summary>Makes the stages of toxics.</summary>
internal static class ToxicStages
{
    /// <summary>Whether a toxic acts on the bytes of a connection that relays; the others act before that.</summary>
    internal static bool ActsOnBytes(Toxic toxic) => toxic is not (ConnectDelayToxic or RefuseToxic);

    /// <summary>The stage of a toxic that acts on bytes.</summary>
    internal static ToxicStage Create(Toxic toxic, in ToxicContext context) => toxic switch
    {
        _ => throw new ArgumentException($"{toxic.Type} does not act on bytes ({context.Seed})", nameof(toxic)),
    };
}
