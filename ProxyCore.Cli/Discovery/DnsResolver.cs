using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>
/// Asks servers of the DNS, one after the other until one answers. The one that has answered last is asked first. Any thread.
/// </summary>
/// <param name="settings">Which servers, and how long each may take.</param>
internal sealed class DnsResolver(DnsSettings settings) : IResolver
{
    private const int LongestChain = 8;

    // Servers of /etc/resolv.conf come and go; a machine has a handful in its life.
    private const int MostClients = 64;

    // The client of the package can't wait for weeks.
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<IPEndPoint, LookupClient> _clients = new();
    private readonly TimeSpan _timeout = settings.Timeout < _longestTimeout ? settings.Timeout : _longestTimeout;
    private volatile IPEndPoint? _answeredLast;

    public async Task<SrvAnswer> FindServersAsync(string name)
    {
        IDnsQueryResponse response = await AskAsync(name, QueryType.SRV).ConfigureAwait(false);
        string owner = FollowAliases(response, name);
        SrvRecord[] records = [.. response.Answers.SrvRecords().Where(one => Normalize(one.DomainName) == owner)];
        return new SrvAnswer(
            [.. records.Select(static one => new SrvEntry(Normalize(one.Target), one.Port, one.Priority, one.Weight))],
            response.Additionals.OfType<AddressRecord>()
                .GroupBy(static one => Normalize(one.DomainName))
                .ToDictionary(static one => one.Key, static one => AnswerOf([.. one])),
            TtlOf(records));
    }

    public async Task<AddressAnswer> FindAddressesAsync(string host)
    {
        Task<AddressRecord[]> four = FindAddressesAsync(host, QueryType.A);
        Task<AddressRecord[]> six = FindAddressesAsync(host, QueryType.AAAA);
        try
        {
            return AnswerOf([.. await four.ConfigureAwait(false), .. await six.ConfigureAwait(false)]);
        }
        catch (DnsException)
        {
            // Some servers fail for the kind of address that a host does not have. What fails for both is an error.
            Task<AddressRecord[]> other = four.IsFaulted ? six : four;
            return AnswerOf(await other.ConfigureAwait(false));
        }
    }

    private async Task<AddressRecord[]> FindAddressesAsync(string host, QueryType type)
    {
        IDnsQueryResponse response = await AskAsync(host, type).ConfigureAwait(false);
        string owner = FollowAliases(response, host);
        return [.. response.Answers.OfType<AddressRecord>().Where(one => Normalize(one.DomainName) == owner)];
    }

    /// <returns>An answer without an error: one that says that there is no such name, too.</returns>
    private async Task<IDnsQueryResponse> AskAsync(string name, QueryType type)
    {
        ValueList<IPEndPoint> servers = settings.Servers.Count > 0 ? settings.Servers : ResolvConf.Read();
        var failures = new List<string>();
        foreach (IPEndPoint server in servers.OrderBy(one => !one.Equals(_answeredLast)))
        {
            try
            {
                // Its own limit is for each packet; a TCP connection has several.
                IDnsQueryResponse response = await ClientOf(server)
                    .QueryAsync(name + ".", type)
                    .WaitAsync(_timeout * 2)
                    .ConfigureAwait(false);
                if (response.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain)
                {
                    _answeredLast = server;
                    return response;
                }

                failures.Add($"{server} answers {response.Header.ResponseCode}");
            }
            catch (Exception exception) when (exception is DnsResponseException or DnsXidMismatchException or SocketException
                or TimeoutException or OperationCanceledException or IOException)
            {
                failures.Add($"{server} {CauseOf(exception)}");
            }
        }

        throw new DnsException(string.Join(", ", failures));
    }

    private static string CauseOf(Exception exception) => ((exception as DnsResponseException)?.InnerException ?? exception) switch
    {
        SocketException socket => $"can't be asked: {Connections.Sockets.ConnectionErrors.Describe(socket.SocketErrorCode)}",
        TimeoutException or OperationCanceledException => "does not answer",
        DnsResponseException { Code: DnsResponseCode.ConnectionTimeout } => "does not answer",
        _ => "gives no valid answer",
    };

    private LookupClient ClientOf(IPEndPoint server)
    {
        if (_clients.Count >= MostClients)
        {
            _clients.Clear();
        }

        return _clients.GetOrAdd(server, static (one, timeout) => new LookupClient(new LookupClientOptions(one)
        {
            UseCache = false,
            Timeout = timeout,
            Retries = 0,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
        }), _timeout);
    }

    /// <summary>The name that a name stands for, as far as the answer says so.</summary>
    private static string FollowAliases(IDnsQueryResponse response, string name)
    {
        string owner = name.TrimEnd('.').ToLowerInvariant();
        for (int i = 0; i < LongestChain; i++)
        {
            CNameRecord? alias = response.Answers.CnameRecords().FirstOrDefault(one => Normalize(one.DomainName) == owner);
            if (alias is null)
            {
                break;
            }

            owner = Normalize(alias.CanonicalName);
        }

        return owner;
    }

    private static AddressAnswer AnswerOf(AddressRecord[] records) =>
        new(AddressAnswer.Order(records.Select(static one => one.Address)), TtlOf(records));

    private static TimeSpan TtlOf(IReadOnlyCollection<DnsResourceRecord> records) =>
        TimeSpan.FromSeconds(records.Count == 0 ? 0 : records.Min(static one => Math.Max(0, one.InitialTimeToLive)));

    private static string Normalize(DnsString name) => name.Value.TrimEnd('.').ToLowerInvariant();
}
