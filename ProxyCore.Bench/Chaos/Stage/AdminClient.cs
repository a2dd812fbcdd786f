using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>Asks the proxy's admin page, as a scraper and an operator do. Thread-safe.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    internal AdminClient(string url, string token)
    {
        // Each request on a connection of its own: a kept one would be one descriptor more in the proxy.
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    internal Task<string> MetricsAsync(CancellationToken cancellationToken = default) => _http.GetStringAsync("metrics", cancellationToken);

    internal async Task<JsonElement> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        using JsonDocument document = JsonDocument.Parse(await _http.GetStringAsync("api/snapshot", cancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Ends a connection; returns whether there was one.</summary>
    internal async Task<bool> EndAsync(long connection, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _http.PostAsync($"api/connections/{connection}/end", null, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NoContent;
    }

    public void Dispose() => _http.Dispose();
}
