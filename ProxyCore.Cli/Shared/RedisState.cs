using System.Globalization;
using StackExchange.Redis;

namespace ProxyCore.Cli.Shared;

/// <summary>What proxies set by hand, kept in Redis: see <see cref="RedisScripts"/>. Any thread.</summary>
internal sealed class RedisState : ISharedState, IAsyncDisposable
{
    // As many as a proxy keeps.
    private const int MostRecords = 300_000;
    private const int PartsOfRecord = 5;
    private const string None = "-";

    private readonly StackExchange.Redis.ConfigurationOptions _options;
    private readonly RedisKey[] _keys;
    private readonly RedisChannel _channel;
    private readonly RedisFailures _failures;
    private readonly SemaphoreSlim _connecting = new(1);
    private ConnectionMultiplexer? _redis;

    /// <exception cref="FormatException">The password can't be read; the message says why.</exception>
    /// <exception cref="IOException">TLS is asked for, and OpenSSL can't be loaded.</exception>
    internal RedisState(RedisSettings settings)
    {
        // The part in braces keeps all three in one part of a cluster.
        string name = settings.KeyPrefix + "{shared}:";
        _keys = [name + "records", name + "changes", name + "mark"];
        _channel = RedisChannel.Literal(name + "changed");
        _options = RedisConnections.OptionsOf(settings);
        _failures = new RedisFailures(_options.EndPoints);
    }

    public async Task SubscribeAsync(Action changed, CancellationToken cancellationToken)
    {
        try
        {
            ISubscriber subscriber = (await ConnectAsync(cancellationToken)).GetSubscriber();
            await subscriber.UnsubscribeAsync(_channel);
            await subscriber.SubscribeAsync(_channel, (_, _) => changed());

            // Behind the answer of this one, on the same connection, the subscription is in force.
            await subscriber.PingAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw _failures.Describe(exception);
        }
    }

    public async Task<SharedChanges> ReadAsync(string? since, CancellationToken cancellationToken)
    {
        string[] mark = since?.Split(':') ?? ["", "0"];
        RedisResult[] answer = (RedisResult[]?)await RunAsync(RedisScripts.Read, [mark[0], mark[1], MostRecords], cancellationToken) ?? [];
        if (answer is not [var whole, var now, ..])
        {
            throw new IOException("Redis gives an answer that is none");
        }

        return new SharedChanges
        {
            IsWhole = (string?)whole == "1",
            Mark = (string?)now ?? ":0",
            Records = [.. answer.Skip(2).Chunk(PartsOfRecord).Select(ReadRecord).OfType<SharedRecord>()],
        };
    }

    public async Task WriteAsync(IReadOnlyList<SharedRecord> records, CancellationToken cancellationToken)
    {
        var arguments = new List<RedisValue>(2 + (records.Count * PartsOfRecord)) { Guid.NewGuid().ToString("N"), _channel.ToString() };
        foreach (SharedRecord record in records)
        {
            RedisValue remaining = record.Remaining is { } left ? (long)Math.Ceiling(left.TotalMilliseconds) : None;
            arguments.AddRange([record.Key, record.Version, record.Node, remaining, record.Value is { } value ? "=" + value : None]);
        }

        await RunAsync(RedisScripts.Write, [.. arguments], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _connecting.Dispose();
    }

    /// <summary>A record; null when a part of it is no number, so that this version has not written it.</summary>
    private static SharedRecord? ReadRecord(RedisResult[] parts)
    {
        string[] texts = [.. parts.Select(static part => (string?)part ?? "")];
        if (texts is not [var key, var version, var node, var remaining, [var sign, .. var value]]
            || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || !long.TryParse(node, NumberStyles.None, CultureInfo.InvariantCulture, out long nodeNumber))
        {
            return null;
        }

        bool hasEnd = long.TryParse(remaining, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds;
        return hasEnd || remaining == None
            ? new SharedRecord
            {
                Key = key,
                Version = number,
                Node = nodeNumber,
                Value = sign == '=' ? value : null,
                Remaining = hasEnd ? TimeSpan.FromMilliseconds(milliseconds) : null,
            }
            : null;
    }

    private async Task<RedisResult> RunAsync(string script, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            IDatabase database = (await ConnectAsync(cancellationToken)).GetDatabase();
            return await database.ScriptEvaluateAsync(script, _keys, arguments);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw _failures.Describe(exception);
        }
    }

    /// <summary>The connections, made once: from then on they come back by themselves.</summary>
    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _redis) is { } connected)
        {
            return connected;
        }

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_redis is null)
            {
                ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(_options);
                _failures.Watch(redis);
                Volatile.Write(ref _redis, redis);
            }

            return _redis;
        }
        finally
        {
            _connecting.Release();
        }
    }
}
