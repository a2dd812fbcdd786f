using System.Buffers;
using System.Text;
using ProxyCore.Diagnostics;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Text of a header that is safe to print: well-formed UTF-8, visible characters only, bounded.</summary>
internal static class SafeText
{
    /// <summary>The text; null if it is empty, longer than 255 bytes or not safe.</summary>
    internal static string? Read(ReadOnlySpan<byte> value) =>
        IsText(value) ? Encoding.UTF8.GetString(value) : null;

    internal static bool IsText(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value.Length <= ProxySsl.MaxTextLength && IsVisible(value, spaces: true);

    /// <summary>Whether it may be the name of a host: a name has no spaces.</summary>
    internal static bool IsName(ReadOnlySpan<byte> value) => IsVisible(value, spaces: false);

    private static bool IsVisible(ReadOnlySpan<byte> value, bool spaces)
    {
        while (!value.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(value, out Rune rune, out int length) != OperationStatus.Done
                || !Printable.IsVisible(rune)
                || (!spaces && Rune.IsWhiteSpace(rune)))
            {
                return false;
            }

            value = value[length..];
        }

        return true;
    }
}
