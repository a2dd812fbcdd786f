using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>A proxy that can be started before an upstream.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Start">Starts it.</param>
/// <param name="Abilities">What it is measured at.</param>
internal sealed record Contender(string Name, Func<Place, ChildProcess> Start, Abilities Abilities = Abilities.Relay)
{
    /// <summary>Whether it is measured at <paramref name="kind"/> with <paramref name="features"/>.</summary>
    internal bool CanTake(LoadKind kind, Features features) => Abilities.HasFlag(features.Needed(kind));
}

/// <summary>Where a contender works, and at what.</summary>
/// <param name="Kind">What its clients do.</param>
/// <param name="Port">The port to listen on.</param>
/// <param name="Upstream">The port of the upstream.</param>
/// <param name="Folder">A folder for its files.</param>
/// <param name="Tls">The certificates.</param>
/// <param name="Key">Which of them it shows.</param>
/// <param name="HandshakePort">The port of the TLS listener beside a plain one, for <see cref="LoadKind.TlsBesidePlain"/>.</param>
internal sealed record Place(LoadKind Kind, int Port, int Upstream, string Folder, TlsFiles Tls, KeyKind Key, int HandshakePort)
{
    /// <summary>What it is configured for.</summary>
    internal Features Features { get; init; } = Features.None;

    /// <summary>The address of a route among many, counted from 0; the last one is where the clients connect.</summary>
    internal string AddressOf(int route) => route == Features.Routes - 1 ? $"127.0.0.1:{Port}" : $"127.1.{route / 250}.{1 + (route % 250)}:{Port}";
}
