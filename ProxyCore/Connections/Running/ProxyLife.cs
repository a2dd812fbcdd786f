using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Running;

/// <summary>
/// The states of a proxy, each reached once: created, running, draining, stopped. A proxy that is never started goes from
/// created to stopped. Any thread.
/// </summary>
internal sealed class ProxyLife(ProxyServices services)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ProxyRuntime? _run;
    private ProxyState _state;

    internal ProxyState State
    {
        get
        {
            lock (_gate)
            {
                return Completion.IsCompleted ? ProxyState.Stopped : _state;
            }
        }
    }

    /// <summary>Completes when it is stopped; fails when a loop failed.</summary>
    internal Task Completion => _completion.Task;

    /// <summary>What runs, or has run; null before the start.</summary>
    internal ProxyRuntime? Run => _run;

    /// <summary>Binds every listener; from then on it is running.</summary>
    /// <exception cref="ListenException">A listener can't be bound. It is as before.</exception>
    /// <exception cref="IOException">The access log can't be written to. The same holds.</exception>
    /// <exception cref="InvalidOperationException">It was started or stopped before.</exception>
    internal RouteSetChange Bind(ProxySettings settings)
    {
        lock (_gate)
        {
            if (_state != ProxyState.Created)
            {
                throw new InvalidOperationException(
                    _state == ProxyState.Running ? "The proxy has been started before." : "The proxy has been stopped.");
            }

            _run = ProxyRuntime.Bind(settings, services, out RouteSetChange start);
            _state = ProxyState.Running;
            _ = CompleteAsync(_run);
            return start;
        }
    }

    /// <exception cref="InvalidOperationException">It is not running.</exception>
    internal ProxyRuntime RequireRunning()
    {
        lock (_gate)
        {
            return _state == ProxyState.Running ? _run! : throw new InvalidOperationException("The proxy is not running.");
        }
    }

    /// <summary>Makes it draining, or stopped if it never ran; returns the shards that are to end.</summary>
    internal ShardGroup? BeginEnd()
    {
        lock (_gate)
        {
            _state = ProxyState.Draining;
            if (_run is null)
            {
                _completion.TrySetResult();
            }

            return _run?.Shards;
        }
    }

    private async Task CompleteAsync(ProxyRuntime run)
    {
        try
        {
            await run.CompleteAsync().ConfigureAwait(false);
            services.Logger.Stopped();
            _completion.TrySetResult();
        }
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
        }
    }
}
