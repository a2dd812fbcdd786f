using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ProxyCore.Cli.Admin;

/// <summary>The secret that requests to the admin page carry. Immutable; it is never shown.</summary>
internal sealed class AdminToken
{
    /// <summary>The environment variable that may hold it.</summary>
    internal const string Variable = "PROXYCORE_ADMIN_TOKEN";

    internal const int FewestCharacters = 16;
    private const int MostCharacters = 1024;

    private readonly byte[] _bytes;

    private AdminToken(byte[] bytes) => _bytes = bytes;

    /// <exception cref="FormatException">It is none; the message says why, and does not contain it.</exception>
    internal static AdminToken Parse(string text)
    {
        if (text.Length is < FewestCharacters or > MostCharacters)
        {
            string length = text.Length > MostCharacters ? $"more than {MostCharacters}" : $"{text.Length}";
            throw new FormatException($"the token has {length} characters: from {FewestCharacters} to {MostCharacters} are needed");
        }

        // A header can carry these without encoding.
        return text.All(static character => character is > ' ' and <= '~')
            ? new AdminToken(Encoding.ASCII.GetBytes(text))
            : throw new FormatException("the token has characters other than letters, digits and signs of ASCII");
    }

    /// <summary>The token that the environment holds; null when it holds none.</summary>
    /// <exception cref="FormatException">It is no token; the message says why.</exception>
    internal static AdminToken? FromVariable()
    {
        try
        {
            return Environment.GetEnvironmentVariable(Variable) is { } text ? Parse(text) : null;
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{Variable}: {exception.Message}", exception);
        }
    }

    /// <summary>The token that a file holds, in its only line.</summary>
    /// <exception cref="FormatException">It can't be read or holds none; the message says why.</exception>
    internal static AdminToken Read(string file)
    {
        if (file.Length == 0)
        {
            throw new FormatException("a file name is needed");
        }

        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);

            // One byte above the maximum, and a line ending.
            var content = new char[MostCharacters + 3];
            int length = reader.ReadBlock(content);
            return Parse(new string(content, 0, length).TrimEnd('\r', '\n'));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException($"'{file}' does not exist", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"'{file}' can't be read: permission denied, or it is a folder", exception);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"'{file}': {exception.Message}", exception);
        }
    }

    /// <summary>The header that a request carries.</summary>
    internal AuthenticationHeaderValue ToHeader() => new("Bearer", Encoding.ASCII.GetString(_bytes));

    /// <summary>Whether <paramref name="given"/> is the token, in a time that does not depend on where they differ.</summary>
    internal bool Matches(ReadOnlySpan<char> given)
    {
        Span<byte> bytes = stackalloc byte[MostCharacters];
        return given.Length <= MostCharacters
            && Encoding.ASCII.TryGetBytes(given, bytes, out int length)
            && CryptographicOperations.FixedTimeEquals(bytes[..length], _bytes);
    }
}
