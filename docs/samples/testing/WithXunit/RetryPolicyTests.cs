using System.Net;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Polly;
using Polly.Retry;
using ProxyCore;

namespace WithXunit;

/// <summary>A retry policy before a database whose connections fail.</summary>
public sealed class RetryPolicyTests : IAsyncLifetime
{
    private readonly PostgresStandIn _server = new();
    private TcpProxy _proxy = null!;
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        _proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", _server.Address);
        _database = OpenDatabase("Disable");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Two_failed_connects_are_retried()
    {
        await using ActiveToxic toxic = await _proxy.AddToxicAsync(
            new CloseToxic { Stream = ToxicDirection.Upstream, TakeConnections = 2 });
        ResiliencePipeline retry = Retry(TimeSpan.FromMilliseconds(10), TimeProvider.System);

        int one = await retry.ExecuteAsync(AskDatabase, TestContext.Current.CancellationToken);

        Assert.Equal(1, one);
        Assert.Equal(2, toxic.EndedConnections);
        Assert.Equal(3, _proxy.GetStatistics().Accepted);
    }

    [Fact]
    public async Task Minutes_between_attempts_pass_at_once_on_a_fake_clock()
    {
        var clock = new FakeTimeProvider();
        await using ActiveToxic toxic = await _proxy.AddToxicAsync(
            new CloseToxic { Stream = ToxicDirection.Upstream, TakeConnections = 2 });
        ResiliencePipeline retry = Retry(TimeSpan.FromMinutes(5), clock);

        Task<int> one = retry.ExecuteAsync(AskDatabase, TestContext.Current.CancellationToken).AsTask();
        while (await Task.WhenAny(one, Task.Delay(1)) != one)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, await one);
        Assert.Equal(2, toxic.EndedConnections);
    }

    [Fact]
    public async Task Pooled_connection_that_is_lost_is_replaced()
    {
        ResiliencePipeline retry = Retry(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        await retry.ExecuteAsync(AskDatabase, TestContext.Current.CancellationToken);

        // Acts on the connection in the pool, and not on its successor.
        await using ActiveToxic toxic = await _proxy.AddToxicAsync(
            new CloseToxic { Stream = ToxicDirection.Upstream, Scope = ToxicScope.OpenConnections });
        int one = await retry.ExecuteAsync(AskDatabase, TestContext.Current.CancellationToken);

        Assert.Equal(1, one);
        Assert.Equal(1, toxic.EndedConnections);
        Assert.Equal(2, _proxy.GetStatistics().Accepted);
    }

    [Theory]
    [InlineData("Disable", 1)]
    [InlineData("Prefer", 2)]
    public async Task Npgsql_counts_a_failure_that_cost_more_than_one_connection(string gss, int connections)
    {
        await using NpgsqlDataSource database = OpenDatabase(gss);
        await using ActiveToxic toxic = await _proxy.AddToxicAsync(new CloseToxic { Stream = ToxicDirection.Upstream });

        await Assert.ThrowsAsync<NpgsqlException>(async () => await database.OpenConnectionAsync());

        Assert.Equal(connections, toxic.EndedConnections);
    }

    private static ResiliencePipeline Retry(TimeSpan delay, TimeProvider clock)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock };
        builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(static exception => exception.IsTransient),
            MaxRetryAttempts = 3,
            Delay = delay,
        });
        return builder.Build();
    }

    private NpgsqlDataSource OpenDatabase(string gss)
    {
        var endpoint = (IPEndPoint)_proxy.Endpoints[0];
        return NpgsqlDataSource.Create(
            $"Host={endpoint.Address};Port={endpoint.Port};Username=test;GSS Encryption Mode={gss};Server Compatibility Mode=NoTypeLoading");
    }

    private async ValueTask<int> AskDatabase(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _database.CreateCommand("SELECT 1");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
