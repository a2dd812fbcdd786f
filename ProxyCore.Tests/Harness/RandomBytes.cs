namespace ProxyCore.Tests.Harness;

/// <summary>Bytes that look like nothing else, the same at every run.</summary>
internal static class RandomBytes
{
    internal static byte[] Of(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
