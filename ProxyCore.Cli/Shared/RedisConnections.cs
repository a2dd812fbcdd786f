using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using RedisOptionsOfLibrary = StackExchange.Redis.ConfigurationOptions;

namespace ProxyCore.Cli.Shared;

/// <summary>How the Redis library is to connect.</summary>
internal static class RedisConnections
{
    // As long as a proxy waits for an answer.
    private const int LimitMilliseconds = 2000;
    private const int RetryMilliseconds = 500;

    /// <exception cref="FormatException">The password can't be read; the message says why.</exception>
    /// <exception cref="IOException">TLS is asked for, and OpenSSL can't be loaded.</exception>
    internal static RedisOptionsOfLibrary OptionsOf(RedisSettings settings)
    {
        var options = new RedisOptionsOfLibrary
        {
            ClientName = "proxycore",
            User = settings.User,
            Password = RedisPassword.Read(settings.PasswordFile),
            Ssl = settings.Tls,
            AbortOnConnectFail = false,
            ConnectTimeout = LimitMilliseconds,
            AsyncTimeout = LimitMilliseconds,
            SyncTimeout = LimitMilliseconds,
            ReconnectRetryPolicy = new LinearRetry(RetryMilliseconds),

            // What can't be sent now is tried again by who asked.
            BacklogPolicy = BacklogPolicy.FailFast,
            IncludeDetailInExceptions = false,
            IncludePerformanceCountersInExceptions = false,
        };
        foreach (ProxyEndpoint endpoint in settings.Endpoints)
        {
            options.EndPoints.Add(ToEndPoint(endpoint));
        }

        if (settings.Tls)
        {
            OpenSslLibrary.Require("Shared:Redis:Tls");
        }

        if (settings.Ca is { } ca)
        {
            options.TrustIssuer(ca);
        }

        return options;
    }

    private static EndPoint ToEndPoint(ProxyEndpoint endpoint) => endpoint.Kind switch
    {
        ProxyEndpointKind.UnixSocket => new UnixDomainSocketEndPoint(endpoint.Path!),
        ProxyEndpointKind.Address => new IPEndPoint(endpoint.Address!, endpoint.Port),
        ProxyEndpointKind.Loopback => new DnsEndPoint("localhost", endpoint.Port),
        _ => new DnsEndPoint(endpoint.Name!, endpoint.Port),
    };
}
