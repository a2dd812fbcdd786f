namespace ProxyCore.Cli.Telemetry;

/// <summary>
/// Reports whether a collector accepts the data. The exporter itself reports failures by an <c>EventSource</c> only, which
/// native programs don't have.
/// </summary>
internal sealed class ExportWatch(ExportFailures failures, Uri collector) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Look(base.Send(request, cancellationToken));
        }
        catch (Exception exception)
        {
            failures.Failed(collector, exception is OperationCanceledException ? "no answer in time" : exception.Message);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Look(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception exception)
        {
            failures.Failed(collector, exception is OperationCanceledException ? "no answer in time" : exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Look(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            failures.Succeeded(collector);
        }
        else
        {
            failures.Failed(collector, $"it answers {(int)response.StatusCode}");
        }

        return response;
    }
}
