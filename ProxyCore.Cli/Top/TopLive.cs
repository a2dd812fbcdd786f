using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Remote;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary>Shows the state of a proxy in a terminal, updated until it is stopped.</summary>
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
        console.Write(TopScreen.Draw(second, Rates.Between(first, second), _order, console.Profile.Width, height: null, failure: null));
    }

    /// <summary>Shows it until <paramref name="stop"/>, or a key that quits. While the page does not answer, it shows why and tries again.</summary>
    /// <exception cref="AdminClientException">The admin page does not answer at first.</exception>
    internal async Task RunAsync(Task stop)
    {
        SnapshotView shown = await client.GetSnapshotAsync(CancellationToken.None);
        Rates rates = Rates.Between(shown, shown);
        string? failure = null;

        // What does not fit is cut at the bottom.
        await console.Live(Draw(shown, rates, failure)).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
        {
            while (await WaitAsync(stop))
            {
                try
                {
                    SnapshotView now = await client.GetSnapshotAsync(CancellationToken.None);
                    rates = now.Time == shown.Time ? rates : Rates.Between(shown, now);
                    shown = now;
                    failure = null;
                }
                catch (AdminClientException exception)
                {
                    failure = exception.Message;
                }

                live.UpdateTarget(Draw(shown, rates, failure));
            }
        });
    }

    private Spectre.Console.Rendering.IRenderable Draw(SnapshotView shown, Rates rates, string? failure) =>
        TopScreen.Draw(shown, rates, _order, console.Profile.Width, console.Profile.Height, failure);

    /// <summary>Waits until it is time for the next snapshot; false when it is to stop.</summary>
    private async Task<bool> WaitAsync(Task stop)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begin) < interval)
        {
            if (stop.IsCompleted)
            {
                return false;
            }

            // Keys have to be polled.
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
