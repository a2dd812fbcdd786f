using System.Text;

namespace ProxyCore.Preread.Tls;

/// <summary>What a proxy may learn from a ClientHello without decrypting anything.</summary>
internal sealed class ClientHello
{
    private readonly byte[] _alpn;

    /// <param name="serverName">The name in its normal form; null if there is none.</param>
    /// <param name="alpn">The checked list of protocols as on the wire, each after its length; empty if there is none.</param>
    internal ClientHello(string? serverName, ReadOnlySpan<byte> alpn)
    {
        ServerName = serverName;
        _alpn = alpn.ToArray();
        FirstAlpn = FindFirst(_alpn);
    }

    /// <summary>
    /// The name that the client asks for, in the normal form of <see cref="Settings.ServerName"/>. With an encrypted ClientHello it
    /// is the outer name: the one that the provider publishes. Null if there is none.
    /// </summary>
    internal string? ServerName { get; }

    /// <summary>
    /// The protocol that the client prefers, safe to print: one with other characters than visible ASCII is written in
    /// hexadecimal. Null if it offers none.
    /// </summary>
    internal string? FirstAlpn { get; }

    /// <summary>
    /// Whether an encrypted ClientHello is inside. It may be one that nobody can decrypt: browsers send such by default, so
    /// that servers do not come to depend on its absence.
    /// </summary>
    internal bool HasEncryptedHello { get; init; }

    /// <summary>Whether application data may follow before the server has answered.</summary>
    internal bool HasEarlyData { get; init; }

    /// <summary>Whether the client offers the protocol, compared byte by byte.</summary>
    internal bool Offers(ReadOnlySpan<byte> protocol) => PreferenceFor(protocol) >= 0;

    /// <summary>The place of the protocol in the client's order of preference, where 0 is the first; -1 if not offered.</summary>
    internal int PreferenceFor(ReadOnlySpan<byte> protocol)
    {
        var reader = new FieldReader(_alpn);
        for (int place = 0; reader.TryTakeVector8(out ReadOnlySpan<byte> offered); place++)
        {
            if (offered.SequenceEqual(protocol))
            {
                return place;
            }
        }

        return -1;
    }

    private static string? FindFirst(ReadOnlySpan<byte> alpn)
    {
        var reader = new FieldReader(alpn);
        while (reader.TryTakeVector8(out ReadOnlySpan<byte> offered))
        {
            if (!Grease.IsProtocol(offered))
            {
                return offered.ContainsAnyExceptInRange((byte)'!', (byte)'~')
                    ? "0x" + Convert.ToHexString(offered)
                    : Encoding.ASCII.GetString(offered);
            }
        }

        return null;
    }
}
