using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace ProxyCore.Cli.Shared;

/// <summary>Why Redis does not serve, in a few words: the library's messages are long, and name its own parts. Any thread.</summary>
/// <param name="endpoints">The servers.</param>
internal sealed class RedisFailures(IEnumerable<EndPoint> endpoints)
{
    private readonly string _servers = string.Join(", ", endpoints.Select(NameOf));

    // A call that finds no connection does not know why there is none.
    private volatile string? _last;

    /// <summary>Notes from now on why connections fail.</summary>
    internal void Watch(ConnectionMultiplexer redis)
    {
        redis.ConnectionFailed += (_, failed) => _last = CauseOf(failed.FailureType, failed.Exception);
        redis.ConnectionRestored += (_, _) => _last = null;
    }

    /// <summary>What a call has failed with.</summary>
    internal IOException Describe(Exception exception) => new($"Redis at {_servers}: {InWords(exception)}", exception);

    private static string NameOf(EndPoint endpoint) => endpoint is DnsEndPoint name
        ? string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}")
        : endpoint.ToString() ?? "";

    private static string CauseOf(ConnectionFailureType type, Exception? exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
            {
                return CauseOf(ConnectionFailureType.AuthenticationFailure, null);
            }

            if (inner is SocketException or AuthenticationException)
            {
                return inner.Message;
            }
        }

        return type == ConnectionFailureType.AuthenticationFailure ? "it does not take the user, the password or the certificate" : "there is no connection";
    }

    private string InWords(Exception exception) => exception switch
    {
        RedisConnectionException { FailureType: var type } => _last ?? CauseOf(type, exception),
        TimeoutException => "there is no answer",
        _ => exception.Message,
    };
}
