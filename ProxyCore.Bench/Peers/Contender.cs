using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>What a proxy can do, by the loads that need it.</summary>
[Flags]
internal enum Abilities
{
    /// <summary>Relays TCP.</summary>
    Relay = 1,

    /// <summary>Takes and sends PROXY headers and routes by server name.</summary>
    FirstBytes = 2,

    /// <summary>Ends TLS.</summary>
    Tls = 4,
}

/// <summary>A proxy that can be started before an upstream.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Start">Starts it.</param>
/// <param name="Abilities">What it is measured at.</param>
internal sealed record Contender(string Name, Func<Place, ChildProcess> Start, Abilities Abilities = Abilities.Relay)
{
    internal bool CanTake(LoadKind kind) => Abilities.HasFlag(
        kind.IsTls() ? Abilities.Tls : kind.NeedsFirstBytes() ? Abilities.FirstBytes : Abilities.Relay);
}

/// <summary>Where a contender works, and at what.</summary>
/// <param name="Kind">What its clients do.</param>
/// <param name="Port">The port to listen on.</param>
/// <param name="Upstream">The port of the upstream.</param>
/// <param name="Folder">A folder for its files.</param>
/// <param name="Tls">The certificates.</param>
/// <param name="Key">Which of them it shows.</param>
/// <param name="HandshakePort">The port of the TLS listener beside a plain one, for <see cref="LoadKind.TlsBesidePlain"/>.</param>
internal sealed record Place(LoadKind Kind, int Port, int Upstream, string Folder, TlsFiles Tls, KeyKind Key, int HandshakePort);
