using ProxyCore.Connections.Sockets;
using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Faults;

/// <summary>What the toxics of its route do to one connection while it relays. Belongs to the loop's thread.</summary>
/// <param name="client">The client.</param>
/// <param name="connection">The number of the connection.</param>
/// <param name="seed">Where the chance of the proxy begins.</param>
internal sealed class ConnectionToxics(IIdentifiedClient client, long connection, ulong seed)
{
    private readonly List<Part> _parts = [];

    /// <summary>Does what has changed since the last call: adds, changes and takes out stages. The pipes are to be pumped afterwards.</summary>
    internal void Follow(IReadOnlyList<RouteToxic> toxics, PipePair pipes, RelayBuffers buffers, TimeSpan now)
    {
        foreach (Part part in _parts)
        {
            if (!toxics.Contains(part.Choice.Toxic))
            {
                TakeOut(part, pipes, now);
            }
        }

        foreach (RouteToxic toxic in toxics)
        {
            Part part = _parts.Find(one => one.Choice.Toxic == toxic) ?? Add(toxic);
            Follow(part, pipes, buffers, now);
        }
    }

    /// <summary>The name of the toxic that a stage belongs to, also after the stage was taken out.</summary>
    internal string? NameOf(HoldingStage stage) => _parts.Find(one => one.Last == stage)?.Choice.Toxic.Name;

    private static ConnectionSide SourceOf(ToxicSettings settings) =>
        settings.Toxic.Stream == ToxicDirection.Upstream ? ConnectionSide.Client : ConnectionSide.Upstream;

    private static void TakeOut(Part part, PipePair pipes, TimeSpan now)
    {
        if (part.Stage is { } stage)
        {
            part.Stage = null;
            pipes.RemoveStage(part.Source, stage, now);
        }
    }

    private Part Add(RouteToxic toxic)
    {
        var part = new Part(new ToxicChoice(toxic, ToxicDraw.SeedFor(seed, toxic.Name, connection), connection));
        _parts.Add(part);
        return part;
    }

    private void Follow(Part part, PipePair pipes, RelayBuffers buffers, TimeSpan now)
    {
        ToxicSettings settings = part.Choice.Toxic.Settings;
        if (settings == part.Seen)
        {
            return;
        }

        part.Seen = settings;
        if (!ToxicStages.ActsOnBytes(settings.Toxic))
        {
            return;
        }

        if (!part.Choice.Acts(client))
        {
            TakeOut(part, pipes, now);
        }
        else if (part.Stage is { } stage)
        {
            stage.Change(settings.Toxic, now);
        }
        else
        {
            part.Source = SourceOf(settings);
            ToxicStage created = ToxicStages.Create(settings.Toxic, new ToxicContext(buffers, now, part.Choice.Seed));
            created.Ended = part.Choice.Toxic.CountEnded;
            part.Stage = pipes.TryAddStage(part.Source, created) ? created : null;
            part.Last = part.Stage;
        }
    }

    /// <summary>A toxic of the route, and what it does to this connection.</summary>
    private sealed class Part(ToxicChoice choice)
    {
        internal ToxicChoice Choice => choice;

        /// <summary>What the toxic was when it was last looked at.</summary>
        internal ToxicSettings? Seen { get; set; }

        internal ToxicStage? Stage { get; set; }

        /// <summary>The stage, also after it was taken out: that may have ended the connection.</summary>
        internal ToxicStage? Last { get; set; }

        internal ConnectionSide Source { get; set; }
    }
}
