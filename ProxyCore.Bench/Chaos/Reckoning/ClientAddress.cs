using System.Net;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>
/// Each transfer's client has a loopback address of its own, which tells its number: so a line of the access log belongs
/// to exactly one transfer, whatever port the system gave.
/// </summary>
internal static class ClientAddress
{
    /// <summary>How many numbers there are: the second byte is 128 to 255, since servers and listeners use lower ones.</summary>
    internal const int Count = 1 << 23;

    internal static IPAddress Of(int number) =>
        new([127, (byte)(128 | (number >> 16)), (byte)(number >> 8), (byte)number]);

    /// <summary>The number of the transfer whose client has <paramref name="address"/>, or null when none has.</summary>
    internal static int? Number(IPAddress address)
    {
        byte[] bytes = address.MapToIPv4().GetAddressBytes();
        return bytes[0] == 127 && bytes[1] >= 128 ? ((bytes[1] & 127) << 16) | (bytes[2] << 8) | bytes[3] : null;
    }
}
