using System.IO.Hashing;

namespace ProxyCore.Cli;

/// <summary>What tells one version of a file from the next. Immutable.</summary>
/// <param name="Hash">The content's. Time and length are not enough: tools that copy files set both.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record FileState(UInt128 Hash, long Length)
{
    internal static FileState Of(ReadOnlySpan<byte> content) => new(XxHash128.HashToUInt128(content), content.Length);

    /// <summary>The state of what can be read from <paramref name="stream"/>.</summary>
    internal static FileState Of(Stream stream)
    {
        var hash = new XxHash128();
        hash.Append(stream);
        return new FileState(hash.GetCurrentHashAsUInt128(), stream.Position);
    }
}
