using System.Collections.Concurrent;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>The accounts of all transfers. Those that are judged are forgotten, so that a run of hours holds few. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<int, Account> _open = new();
    private readonly ConcurrentDictionary<Rule, long> _counts = new();
    private readonly ConcurrentDictionary<(Rule Rule, string Route, string Cause), Case> _cases = new();
    private int _last;
    private long _lines;
    private long _strangers;
    private long _nameless;
    private long _connected;

    /// <summary>How many clients were connected to the proxy.</summary>
    internal long Connected => Interlocked.Read(ref _connected);

    /// <summary>How many lines of the access log were read.</summary>
    internal long Lines => Interlocked.Read(ref _lines);

    /// <summary>How many of those name no client of this run.</summary>
    internal long Strangers => Interlocked.Read(ref _strangers);

    /// <summary>How many lines name no client at all.</summary>
    internal long Nameless => Interlocked.Read(ref _nameless);

    /// <summary>How many transfers are not judged yet.</summary>
    internal int Open => _open.Count;

    /// <summary>How many of those the proxy never saw, because their endpoint was closed in that moment.</summary>
    internal int LostWithEndpoint => _open.Values.Count(static account => account.IsLostWithEndpoint);

    /// <summary>The kinds of cases other than whole transfers.</summary>
    internal IEnumerable<KeyValuePair<(Rule Rule, string Route, string Cause), Case>> Cases => _cases;

    internal long Count(Rule rule) => _counts.GetValueOrDefault(rule);

    /// <summary>Opens an account for a plan, which is made for its number.</summary>
    internal Account Begin(string route, Func<int, TransferPlan> plan)
    {
        int number = Interlocked.Increment(ref _last) % ClientAddress.Count;
        var account = new Account(plan(number), route);
        _open[number] = account;
        return account;
    }

    internal void CountConnected() => Interlocked.Increment(ref _connected);

    /// <summary>The account of a transfer that is not judged yet, or null.</summary>
    internal Account? Find(int number) => _open.GetValueOrDefault(number);

    internal void Add(AccessLogLine line)
    {
        Interlocked.Increment(ref _lines);
        if (line.Client is null)
        {
            Interlocked.Increment(ref _nameless);
            return;
        }

        if (ClientAddress.Number(line.Client) is { } number && Find(number) is { } account)
        {
            account.Add(line);
            return;
        }

        Interlocked.Increment(ref _strangers);
    }

    /// <summary>Judges the transfers about which everybody has told what he knows.</summary>
    internal void JudgeComplete()
    {
        foreach ((int number, Account account) in _open)
        {
            bool hasServerEnded = account.Servers == 0 || account.Server is not null;
            if (account.Client is not null && account.Lines > 0 && hasServerEnded)
            {
                Close(number, account);
            }
        }
    }

    /// <summary>Judges all the others. Nothing more comes.</summary>
    internal void JudgeRest()
    {
        foreach ((int number, Account account) in _open)
        {
            account.Client ??= new EndReport(EndOfTransfer.Stalled, 0, 0);
            Close(number, account);
        }
    }

    private void Close(int number, Account account)
    {
        _open.TryRemove(number, out _);
        Verdict verdict = Judge.Decide(account);
        _counts.AddOrUpdate(verdict.Rule, 1, static (_, count) => count + 1);
        if (verdict.Rule == Rule.Whole)
        {
            return;
        }

        _cases.AddOrUpdate(
            (verdict.Rule, account.Route, verdict.Cause),
            new Case(1, account.Line?.Text ?? $"{ClientAddress.Of(number)}, {account.Plan}"),
            static (_, one) => one with { Count = one.Count + 1 });
    }

    /// <summary>Transfers with the same verdict.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="Example">The first: its line in the access log, or its address and plan.</param>
    internal sealed record Case(long Count, string Example);
}
