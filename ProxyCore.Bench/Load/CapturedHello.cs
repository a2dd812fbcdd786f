using System.Text;

namespace ProxyCore.Bench.Load;

/// <summary>The TLS 1.3 hello that OpenSSL 3.0's <c>s_client -bugs</c> sends: 517 bytes, padded as browsers do it.</summary>
internal static class CapturedHello
{
    internal const int NameCount = 20;

    private const int Length = 517;

    // All but the zeros of the padding at its end.
    private const string Base64 =
        "FgMBAgABAAH8AwNFvWK/wgdujjiyQjmajgFAklsApq2t1oOma8QgszU6jiDXEPvse76JGrElegSUdZ7LegNIvkLZOuqTlNUH2JCHMQA+EwITAx" +
        "MBwCzAMACfzKnMqMyqwCvALwCewCTAKABrwCPAJwBnwArAFAA5wAnAEwAzAJ0AnAA9ADwANQAvAP8BAAF1AAAAFAASAAAPbmFtZS0wMC5leGFt" +
        "cGxlAAsABAMAAQIACgAWABQAHQAXAB4AGQAYAQABAQECAQMBBAAjAAAAEAAOAAwCaDIIaHR0cC8xLjEAFgAAABcAAAANACoAKAQDBQMGAwgHCA" +
        "gICQgKCAsIBAgFCAYEAQUBBgEDAwMBAwIEAgUCBgIAKwAJCAMEAwMDAgMBAC0AAgEBADMAJgAkAB0AIDWUPJgnJk+RoNTHzsDlaNvrp/EHCdd1" +
        "EzvVmFghPuNqABUArg==";

    /// <summary>The hello of a client that asks for <paramref name="name"/>, one of those that <see cref="Name"/> returns.</summary>
    internal static byte[] For(string name)
    {
        byte[] hello = new byte[Length];
        Convert.FromBase64String(Base64).CopyTo(hello, 0);
        int place = hello.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Name(0)));
        Encoding.ASCII.GetBytes(name).CopyTo(hello, place);
        return hello;
    }

    /// <summary>One of the names, all of the same length.</summary>
    internal static string Name(int number) => $"name-{number:00}.example";

    /// <summary>The names of so many routes: those that clients ask for come last, others that nobody asks for before them.</summary>
    internal static string[] NamesOf(int routes) =>
    [
        .. Enumerable.Range(0, Math.Max(0, routes - NameCount)).Select(static number => $"other-{number}.example"),
        .. Enumerable.Range(0, NameCount).Select(Name),
    ];
}
