using ProxyCore.Cli.Admin;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary>Keeps a terminal up to date with what a proxy does, until it is told to stop.</summary>
internal sealed class TopLive(AdminClient client, TimeSpan interval, IAnsiConsole console)
{
    private static readonly TimeSpan _keyPoll = TimeSpan.FromMilliseconds(50);

    private const int WidthWithoutTerminal = 140;

    private ConnectionOrder _order = ConnectionOrder.Busiest;

    /// <summary>Shows it once, with the rates of one interval.</summary>
    /// <exception cref="AdminClientException">The admin page does not answer.</exception>
    internal async Task ShowOnceAsync(Task stop)
    {
        SnapshotView first = await client.GetSnapshotAsync(CancellationToken.None);
        await Task.WhenAny(Task.Delay(interval), stop);
        SnapshotView second = await client.GetSnapshotAsync(CancellationToken.None);
        console.Profile.Width = Console.IsOutputRedirected ? WidthWithoutTerminal : console.Profile.Width;
        console.Write(TopScreen.Draw(second, Rates.Between(first, second), _order, console.Profile.Width, height: null, trouble: null));
    }

    /// <summary>Shows it until <paramref name="stop"/>, or a key that says so. A page that is away is waited for.</summary>
    /// <exception cref="AdminClientException">The admin page does not answer at first.</exception>
    internal async Task RunAsync(Task stop)
    {
        SnapshotView shown = await client.GetSnapshotAsync(CancellationToken.None);
        Rates rates = Rates.Between(shown, shown);
        string? trouble = null;

        // What there is no room for is missing below: the head stays.
        await console.Live(Draw(shown, rates, trouble)).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
        {
            while (await WaitAsync(stop))
            {
                try
                {
                    SnapshotView now = await client.GetSnapshotAsync(CancellationToken.None);
                    rates = now.Time == shown.Time ? rates : Rates.Between(shown, now);
                    shown = now;
                    trouble = null;
                }
                catch (AdminClientException exception)
                {
                    trouble = exception.Message;
                }

                live.UpdateTarget(Draw(shown, rates, trouble));
            }
        });
    }

    private Spectre.Console.Rendering.IRenderable Draw(SnapshotView shown, Rates rates, string? trouble) =>
        TopScreen.Draw(shown, rates, _order, console.Profile.Width, console.Profile.Height, trouble);

    /// <summary>Waits for the next look; false when there is to be none.</summary>
    private async Task<bool> WaitAsync(Task stop)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < interval)
        {
            if (stop.IsCompleted)
            {
                return false;
            }

            // A terminal tells of keys only to who looks.
            switch (ReadKey())
            {
                case ConsoleKey.Q or ConsoleKey.Escape:
                    return false;
                case ConsoleKey.S:
                    _order = _order == ConnectionOrder.Busiest ? ConnectionOrder.Oldest : ConnectionOrder.Busiest;
                    return true;
            }

            await Task.WhenAny(Task.Delay(_keyPoll), stop);
        }

        return !stop.IsCompleted;
    }

    private static ConsoleKey? ReadKey() =>
        !Console.IsInputRedirected && Console.KeyAvailable ? Console.ReadKey(intercept: true).Key : null;
}
