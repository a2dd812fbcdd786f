using System.Text;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>Application protocols as they stand on the wire: each with its length ahead, RFC 7301.</summary>
internal static class AlpnList
{
    /// <exception cref="TlsException">One is empty, or longer than 255 bytes.</exception>
    internal static byte[] Encode(params IReadOnlyList<string> protocols)
    {
        var list = new List<byte>();
        foreach (string protocol in protocols)
        {
            byte[] name = Encoding.UTF8.GetBytes(protocol);
            if (name.Length is 0 or > byte.MaxValue)
            {
                throw new TlsException("a name of an application protocol has 1 to 255 bytes");
            }

            list.Add((byte)name.Length);
            list.AddRange(name);
        }

        return [.. list];
    }
}
