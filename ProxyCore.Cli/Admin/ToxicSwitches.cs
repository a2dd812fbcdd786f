using Microsoft.AspNetCore.Http;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>What a change of a toxic came to: a status of HTTP, and the cause unless it is a success.</summary>
internal readonly record struct ToxicAnswer(int Status, string? Error = null)
{
    internal static ToxicAnswer Done => new(StatusCodes.Status204NoContent);

    internal static ToxicAnswer NotRunning => new(StatusCodes.Status503ServiceUnavailable, "the proxy does not run");
}

/// <summary>
/// Adds, removes and switches toxics. The proxy has only those at work; those that were switched off are kept here, so that
/// each browser sees them and can switch them on again. Any thread.
/// </summary>
/// <param name="proxy">The proxy, once it has been started.</param>
internal sealed class ToxicSwitches(Func<TcpProxy?> proxy) : IDisposable
{
    private const int MostOfRoute = 100;

    // One change at a time: two that find the same toxic would both take it out, or put it back.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly List<SwitchedOff> _off = [];

    public void Dispose() => _turn.Dispose();

    /// <summary>All toxics: those at work, in the order of their effect, and behind them those that are switched off.</summary>
    internal IReadOnlyList<ToxicView> List()
    {
        ActiveToxic[] active = Running is { } running ? [.. running.GetToxics()] : [];
        HashSet<(string, string)> names = [.. active.Select(static one => (one.Route, one.Name))];
        return
        [
            .. active.Select(static one => ToxicView.Of(one)),
            .. Off().Where(one => IsOfRoute(one.Route) && !names.Contains((one.Route, one.Toxic.Name!))).Select(static one => one.View),
        ];
    }

    /// <summary>The toxics of one route, in the same order.</summary>
    internal IEnumerable<ToxicView> Of(RouteSnapshot route) =>
    [
        .. route.Toxics.Select(one => ToxicView.Of(route.Name, one)),
        .. Off().Where(one => one.Route == route.Name && route.Toxics.All(other => other.Name != one.Toxic.Name)).Select(static one => one.View),
    ];

    /// <summary>Adds a toxic.</summary>
    /// <param name="toxic">The toxic.</param>
    /// <param name="route">The name of its route; null when the proxy has only one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal Task<ToxicAnswer> AddAsync(Toxic toxic, string? route, CancellationToken cancellationToken) =>
        TakeTurnAsync(running => AddAsync(running, toxic, route, cancellationToken), cancellationToken);

    /// <summary>Removes a toxic, whether it is at work or not.</summary>
    internal Task<ToxicAnswer> RemoveAsync(string route, string name, CancellationToken cancellationToken) => TakeTurnAsync(
        async running =>
        {
            bool wasOff = Forget(route, name);
            bool wasOn = Find(running, route, name) is { } active && await active.RemoveAsync(cancellationToken);
            return wasOn || wasOff ? ToxicAnswer.Done : NotFound(route, name);
        },
        cancellationToken);

    /// <summary>Switches a toxic on or off; nothing happens when it is so already.</summary>
    internal Task<ToxicAnswer> SwitchAsync(string route, string name, bool enabled, CancellationToken cancellationToken) => TakeTurnAsync(
        running => enabled
            ? SwitchOnAsync(running, route, name, cancellationToken)
            : SwitchOffAsync(running, route, name, cancellationToken),
        cancellationToken);

    private TcpProxy? Running => proxy() is { State: ProxyState.Running } running ? running : null;

    private async Task<ToxicAnswer> TakeTurnAsync(Func<TcpProxy, Task<ToxicAnswer>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Running is { } running ? await change(running) : ToxicAnswer.NotRunning;
        }
        catch (InvalidOperationException)
        {
            // It was stopped meanwhile.
            return ToxicAnswer.NotRunning;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ToxicAnswer> AddAsync(TcpProxy running, Toxic toxic, string? route, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        ToxicSettings settings = ToxicReader.Read(toxic, errors);
        if (errors.Any)
        {
            return new ToxicAnswer(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
        }

        if (route is not null && !IsOfRoute(route))
        {
            return NoRoute(route);
        }

        ToxicView[] present = [.. List().Where(one => route is null || one.Route == route)];
        if (Array.Exists(present, one => one.Name == settings.Name))
        {
            return new ToxicAnswer(StatusCodes.Status409Conflict, $"there is a toxic with the name '{Shorten(settings.Name)}' already");
        }

        if (present.Length >= MostOfRoute)
        {
            return new ToxicAnswer(StatusCodes.Status409Conflict, $"there are {MostOfRoute} toxics already: remove one first");
        }

        return await PutAsync(running, toxic, route, cancellationToken);
    }

    private async Task<ToxicAnswer> SwitchOnAsync(TcpProxy running, string route, string name, CancellationToken cancellationToken)
    {
        if (Find(running, route, name) is not null)
        {
            return ToxicAnswer.Done;
        }

        if (Off().FirstOrDefault(one => one.Route == route && one.Toxic.Name == name) is not { } off)
        {
            return NotFound(route, name);
        }

        ToxicAnswer answer = await PutAsync(running, off.Toxic, route, cancellationToken);
        if (answer == ToxicAnswer.Done)
        {
            Forget(route, name);
        }

        return answer;
    }

    private async Task<ToxicAnswer> SwitchOffAsync(TcpProxy running, string route, string name, CancellationToken cancellationToken)
    {
        if (Find(running, route, name) is not { } active)
        {
            return IsOfRoute(route) && Off().Any(one => one.Route == route && one.Toxic.Name == name) ? ToxicAnswer.Done : NotFound(route, name);
        }

        // What it is, before it is gone; and kept before anybody can see that it is gone.
        Keep(new SwitchedOff(route, active.Toxic, ToxicView.Of(active, enabled: false)));
        await active.RemoveAsync(cancellationToken);
        return ToxicAnswer.Done;
    }

    private static async Task<ToxicAnswer> PutAsync(TcpProxy running, Toxic toxic, string? route, CancellationToken cancellationToken)
    {
        try
        {
            await running.AddToxicAsync(toxic, route, cancellationToken);
            return ToxicAnswer.Done;
        }
        catch (ArgumentException exception)
        {
            // The message of the exception names the parameter at its end.
            return new ToxicAnswer(StatusCodes.Status400BadRequest, exception.Message.Split(" (Parameter ")[0]);
        }
    }

    private ToxicAnswer NotFound(string route, string name) => IsOfRoute(route)
        ? new ToxicAnswer(StatusCodes.Status404NotFound, $"the route '{Shorten(route)}' has no toxic '{Shorten(name)}'")
        : NoRoute(route);

    private static ToxicAnswer NoRoute(string route) => new(StatusCodes.Status404NotFound, $"there is no route '{Shorten(route)}'");

    private static string Shorten(string text) => Diagnostics.Printable.Shorten(text);

    private ActiveToxic? Find(TcpProxy running, string route, string name) =>
        IsOfRoute(route) ? running.GetToxics(route).FirstOrDefault(one => one.Name == name) : null;

    private bool IsOfRoute(string route)
    {
        try
        {
            _ = Running?.GetToxics(route);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private SwitchedOff[] Off()
    {
        lock (_gate)
        {
            return [.. _off];
        }
    }

    private void Keep(SwitchedOff toxic)
    {
        lock (_gate)
        {
            // A route that is gone takes its toxics along, and a name is there once.
            _off.RemoveAll(one => !IsOfRoute(one.Route) || (one.Route == toxic.Route && one.Toxic.Name == toxic.Toxic.Name));
            _off.Add(toxic);
        }
    }

    private bool Forget(string route, string name)
    {
        lock (_gate)
        {
            return _off.RemoveAll(one => one.Route == route && one.Toxic.Name == name) > 0;
        }
    }

    private sealed record SwitchedOff(string Route, Toxic Toxic, ToxicView View);
}
