using ProxyCore.Certificates;

namespace ProxyCore.Cli.Shared;

/// <summary>Reads the password of Redis. It is never shown, and no argument can have it: others see the arguments of a process.</summary>
internal static class RedisPassword
{
    /// <summary>The environment variable that may hold it.</summary>
    internal const string Variable = "PROXYCORE_REDIS_PASSWORD";

    /// <summary>The password; null when there is none.</summary>
    /// <param name="file">The file with it in its first line; null for the variable.</param>
    /// <exception cref="FormatException">It can't be read, or is empty; the message says why.</exception>
    internal static string? Read(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;
        }

        try
        {
            using var password = Password.Read(file);
            return password.Characters.Length > 0 ? new string(password.Characters) : throw new FormatException($"{file} has no password in its first line");
        }
        catch (CertificateException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }
}
