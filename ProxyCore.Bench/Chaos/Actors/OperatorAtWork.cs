using System.Net;
using System.Text.Json;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Ends connections through the admin API.</summary>
internal sealed class OperatorAtWork(ChaosStage stage, ProxyProcess proxy) : IActor
{
    private const int Interval = 700;

    private readonly Random _random = new(stage.Seed);

    public async Task ActAsync(CancellationToken stop)
    {
        while (await Pause.ForAsync(Interval, stop))
        {
            try
            {
                await EndOneAsync();
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                stage.Tally.Add(Scraper.Unanswered);
            }
        }
    }

    private async Task EndOneAsync()
    {
        JsonElement snapshot = await proxy.Admin.SnapshotAsync();
        JsonElement[] connections = [.. snapshot.GetProperty("connections").EnumerateArray()];
        if (connections.Length == 0)
        {
            return;
        }

        JsonElement one = connections[_random.Next(connections.Length)];
        if (!IPEndPoint.TryParse(one.GetProperty("client").GetString() ?? "", out IPEndPoint? client)
            || ClientAddress.Number(client.Address) is not { } number
            || stage.Ledger.Find(number) is not { } account)
        {
            return;
        }

        // Before it is ended: its client may see the reset before the answer is here.
        // It may have been ended the last time: a snapshot is up to a second old.
        bool wasEnded = account.IsEndedByApi;
        account.IsEndedByApi = true;
        bool isEnded = await proxy.Admin.EndAsync(one.GetProperty("id").GetInt64(), CancellationToken.None);
        account.IsEndedByApi = isEnded || wasEnded;
        stage.Tally.Add(isEnded ? "connections ended through the API" : "connections that had ended before the API was asked");
    }
}
