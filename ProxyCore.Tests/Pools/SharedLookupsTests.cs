using System.Collections.Concurrent;
using ProxyCore.Connections.Pools;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Pools;

/// <summary>Look-ups that do not pile up, however silent the name server is.</summary>
internal sealed class SharedLookupsTests
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<int>> _answers = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly SharedLookups<int> _lookups;

    public SharedLookupsTests() => _lookups = new SharedLookups<int>((name, _) =>
    {
        Task<int> answer = _answers.GetOrAdd(name, static _ => new()).Task;
        _asked.Enqueue(name);
        return answer;
    });

    [Test]
    public async Task All_who_ask_for_a_name_while_it_is_looked_up_share_the_answer()
    {
        Task<int>[] asking = [.. Enumerable.Range(0, 5).Select(_ => _lookups.LookUpAsync("shared", CancellationToken.None))];
        await HasAsked("shared");
        _answers["shared"].SetResult(42);

        Assert.That(await Task.WhenAll(asking), Is.EqualTo([42, 42, 42, 42, 42]));
        Assert.That(_asked.Count(static name => name == "shared"), Is.EqualTo(1));
    }

    [Test]
    public async Task Those_who_give_up_do_not_start_another_look_up_of_the_name()
    {
        for (int i = 0; i < 5; i++)
        {
            using var gaveUp = new CancellationTokenSource();
            Task<int> asking = _lookups.LookUpAsync("silent", gaveUp.Token);
            await HasAsked("silent");
            await gaveUp.CancelAsync();
            Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(_asked.Count(static name => name == "silent"), Is.EqualTo(1));
    }

    [Test]
    public async Task Name_is_looked_up_anew_once_it_was_answered()
    {
        Task<int> first = _lookups.LookUpAsync("again", CancellationToken.None);
        await HasAsked("again");
        _answers["again"].SetException(new IOException("no"));
        Assert.That(async () => await first, Throws.InstanceOf<IOException>());
        _answers.TryRemove("again", out _);

        Task<int> second = _lookups.LookUpAsync("again", CancellationToken.None);
        _answers.GetOrAdd("again", static _ => new()).TrySetResult(2);

        Assert.That(await second.WaitAsync(Bound.Wait), Is.EqualTo(2));
    }

    [Test]
    public async Task No_more_than_32_names_are_looked_up_at_a_time()
    {
        Task<int>[] asking = [.. Enumerable.Range(0, 40).Select(i => _lookups.LookUpAsync($"name{i}", CancellationToken.None))];
        await Bound.Within("32 look-ups", async token =>
        {
            while (Names().Length < 32)
            {
                await Task.Delay(1, token);
            }

            return true;
        });
        await Task.Yield();
        int before = Names().Length;
        Array.ForEach(Names(), name => _answers[name].TrySetResult(0));
        await Bound.Within("the others", async token =>
        {
            while (!Task.WhenAll(asking).IsCompleted)
            {
                Array.ForEach(Names(), name => _answers[name].TrySetResult(0));
                await Task.Delay(1, token);
            }

            return true;
        });

        Assert.That(before, Is.EqualTo(32));
    }

    private string[] Names() => [.. _asked.Where(static name => name.StartsWith("name", StringComparison.Ordinal))];

    private async Task HasAsked(string name) => await Bound.Within($"a look-up of {name}", async token =>
    {
        while (!_asked.Contains(name))
        {
            await Task.Delay(1, token);
        }

        return true;
    });
}
