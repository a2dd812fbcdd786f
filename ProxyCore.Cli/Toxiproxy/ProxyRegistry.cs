using System.Collections.Immutable;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>The proxies of the API by name. Proxies are made and removed one at a time; who reads never waits. Any thread.</summary>
internal sealed class ProxyRegistry(ToxiproxyServices services) : IAsyncDisposable
{
    // Each has a thread and a listener.
    private const int MostProxies = 1000;

    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _gate = new(1);

    // In Go's order of keys.
    private volatile ImmutableSortedDictionary<string, ProxyEntry> _proxies =
        ImmutableSortedDictionary.Create<string, ProxyEntry>(StringComparer.Ordinal);

    internal IEnumerable<ProxyEntry> All => _proxies.Values;

    /// <exception cref="ApiException">There is no such proxy.</exception>
    internal ProxyEntry Find(string name) => _proxies.GetValueOrDefault(name) ?? throw ApiException.NoProxy();

    /// <exception cref="ApiException">The name is taken, or it can't listen there: it does not exist then.</exception>
    internal Task<ProxyView> AddAsync(ProxyInput input) => ChangeAsync(async () =>
    {
        if (_proxies.ContainsKey(input.Name))
        {
            throw ApiException.ProxyExists();
        }

        return await MakeAsync(input);
    });

    /// <summary>Makes a proxy unless it is there already as it is described, and then with whatever toxics it has.</summary>
    /// <exception cref="ApiException">It can't listen there. One that was there is disabled then.</exception>
    internal Task<ProxyView> ReplaceAsync(ProxyInput input) => ChangeAsync(async () =>
    {
        if (_proxies.GetValueOrDefault(input.Name) is not { } present)
        {
            return await MakeAsync(input);
        }

        if (!await ProxyEntry.DiffersAsync(present.View, input.Listen ?? "", input.Upstream!))
        {
            return present.View;
        }

        await present.DisableAsync();
        ProxyView view = await MakeAsync(input);
        await present.DisposeAsync();
        return view;
    });

    /// <exception cref="ApiException">There is no such proxy.</exception>
    internal Task RemoveAsync(string name) => ChangeAsync(async () =>
    {
        ProxyEntry proxy = Find(name);
        _proxies = _proxies.Remove(name);
        await proxy.DisposeAsync();
        return proxy.View;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (ProxyEntry proxy in All)
        {
            try
            {
                await proxy.DisposeAsync();
            }
            catch (ApiException)
            {
                // The process ends, and the proxy with it.
            }
        }
    }

    private async Task<ProxyView> MakeAsync(ProxyInput input)
    {
        if (_proxies.Count >= MostProxies && !_proxies.ContainsKey(input.Name))
        {
            throw ApiException.Failed($"there are {MostProxies} proxies already, the most that there may be");
        }

        var proxy = new ProxyEntry(input.Name, input.Listen ?? "", input.Upstream!, services);
        ProxyView view = await proxy.BeginAsync(input.Toxics, input.Enabled ?? true);
        _proxies = _proxies.SetItem(input.Name, proxy);
        return view;
    }

    private async Task<ProxyView> ChangeAsync(Func<Task<ProxyView>> change)
    {
        if (!await _gate.WaitAsync(_longestWait))
        {
            throw ApiException.Busy();
        }

        try
        {
            return await change();
        }
        finally
        {
            _gate.Release();
        }
    }
}
