using Microsoft.Extensions.Hosting;

namespace ProxyCore.Cli;

/// <summary>Keeps the file server's host from answering signals itself: it ends when the proxy has drained.</summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
