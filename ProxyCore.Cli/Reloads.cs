using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Systemd;

namespace ProxyCore.Cli;

/// <summary>Applies a configuration file anew when it has changed, and on SIGHUP, while it lives.</summary>
internal sealed class Reloads : IAsyncDisposable
{
    // Looked at instead of watched: an editor or a cluster replaces the file, its folder or the link that leads to it,
    // and a look costs microseconds.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly ConfigurationFile _file;
    private readonly ILogger _logger;
    private readonly ServiceNotifications _notifications = new();
    private readonly PosixSignalRegistration? _signal;
    private readonly PeriodicTimer _timer = new(_lookEvery);

    // One that waits is enough: it will read the file as it is then.
    private readonly Channel<bool> _requests =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Task _working = Task.CompletedTask;

    /// <summary>From now on SIGHUP asks for a reload, where it would end the process.</summary>
    internal Reloads(ConfigurationFile file, ILogger logger)
    {
        _file = file;
        _logger = logger;

        // On Windows the signal of this name is the closing of the console.
        _signal = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
    }

    /// <summary>Begins to look at the file, and to apply it to <paramref name="proxy"/>, which runs.</summary>
    internal void Begin(TcpProxy proxy) => _working = Task.WhenAll(WatchAsync(), ApplyAllAsync(proxy));

    public async ValueTask DisposeAsync()
    {
        _signal?.Dispose();
        _timer.Dispose();
        _requests.Writer.TryComplete();
        await _working;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _requests.Writer.TryWrite(true);
    }

    private async Task WatchAsync()
    {
        FileState? last = _file.ReadState;
        while (await _timer.WaitForNextTickAsync())
        {
            // Twice the same: whoever writes it has come to an end.
            FileState? now = _file.State;
            if (now is not null && now == last && now != _file.ReadState)
            {
                _requests.Writer.TryWrite(true);
            }

            last = now;
        }
    }

    private async Task ApplyAllAsync(TcpProxy proxy)
    {
        await foreach (bool _ in _requests.Reader.ReadAllAsync())
        {
            await ApplyAsync(proxy);
        }
    }

    private async Task ApplyAsync(TcpProxy proxy)
    {
        _logger.Reloading(_file.Name);
        using IDisposable reloading = _notifications.Reload();
        try
        {
            IReadOnlyList<string> mistakes = _file.Read(out TcpProxyOptions options);
            if (mistakes.Count == 0)
            {
                await proxy.ApplyAsync(options);
            }

            Tell(mistakes);
        }
        catch (ArgumentException exception)
        {
            Tell(exception.Message.Split(Environment.NewLine).Select(line => $"{_file.Name}: {line}"));
        }
        catch (ListenException exception)
        {
            Tell([exception.Message]);
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            // It is being stopped: whatever the file says comes too late.
        }
        catch (Exception exception)
        {
            // One that fails must not be the last.
            Tell([exception.Message]);
        }
    }

    private void Tell(IEnumerable<string> mistakes)
    {
        foreach (string mistake in mistakes)
        {
            _logger.NotApplied(OneLine.Escape(mistake));
        }
    }
}
