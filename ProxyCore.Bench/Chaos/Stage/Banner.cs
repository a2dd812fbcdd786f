using System.Text;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>What a server that speaks first says.</summary>
internal static class Banner
{
    internal static byte[] Bytes { get; } = Encoding.ASCII.GetBytes("220 a server that speaks first\r\n");
}
