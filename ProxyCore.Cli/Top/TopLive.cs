using System.Text;
using ProxyCore.Cli.Admin;
using ProxyCore.Cli.Remote;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary>Shows the state of a proxy in a terminal, updated until it is stopped.</summary>
internal sealed class TopLive(AdminClient client, TimeSpan interval, IAnsiConsole console)
{
    private static readonly TimeSpan _keyPoll = TimeSpan.FromMilliseconds(50);

    private const int WidthWithoutTerminal = 140;

    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearScreen = "\e[2J";
    private const string ToTop = "\e[H";
    private const string ClearLine = "\e[2K";

    private readonly TopState _state = new();

    /// <summary>Shows it once, with the rates of one interval.</summary>
    /// <exception cref="AdminClientException">The admin page does not answer.</exception>
    internal async Task ShowOnceAsync(Task stop)
    {
        SnapshotView first = await client.GetSnapshotAsync(CancellationToken.None);
        await Task.WhenAny(Task.Delay(interval), stop);
        SnapshotView second = await client.GetSnapshotAsync(CancellationToken.None);
        bool isTerminal = !Console.IsOutputRedirected;
        var screen = new TopScreen(second, Rates.Between(first, second), failure: null);
        foreach (ScreenLine line in screen.All(isTerminal ? console.Profile.Width : WidthWithoutTerminal, _state.Order))
        {
            await Console.Out.WriteLineAsync(isTerminal ? line.ToTerminal(HasColours) : line.ToString());
        }
    }

    /// <summary>Shows it until <paramref name="stop"/>, or a key that quits. While the page does not answer, it shows why and tries again.</summary>
    /// <exception cref="AdminClientException">The admin page does not answer at first.</exception>
    internal async Task RunAsync(Task stop)
    {
        SnapshotView shown = await client.GetSnapshotAsync(CancellationToken.None);
        var screen = new TopScreen(shown, Rates.Between(shown, shown), failure: null);
        Write(HideCursor + ClearScreen);
        try
        {
            while (await ShowAsync(screen, stop))
            {
                (shown, screen) = await NextAsync(shown, screen);
            }
        }
        finally
        {
            Write(ShowCursor + Environment.NewLine);
        }
    }

    private bool HasColours => console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    /// <summary>The next snapshot and its screen; the last ones, with the cause, when there is none.</summary>
    private async Task<(SnapshotView Shown, TopScreen Screen)> NextAsync(SnapshotView before, TopScreen screen)
    {
        try
        {
            SnapshotView now = await client.GetSnapshotAsync(CancellationToken.None);

            // The page takes one a second: the same one has no new rates.
            return now.Time == before.Time && !screen.IsOld ? (before, screen) : (now, new TopScreen(now, Rates.Between(before, now), failure: null));
        }
        catch (AdminClientException exception)
        {
            return (before, screen.After(exception.Message));
        }
    }

    /// <summary>Draws, and draws again after each key, until it is time for the next snapshot; false when it is to stop.</summary>
    private async Task<bool> ShowAsync(TopScreen screen, Task stop)
    {
        long begin = TimeProvider.System.GetTimestamp();
        (int Width, int Height) drawn = (0, 0);
        while (TimeProvider.System.GetElapsedTime(begin) < interval)
        {
            if (stop.IsCompleted)
            {
                return false;
            }

            bool isChanged = false;
            while (ReadKey() is { } key)
            {
                if (TopState.IsQuit(key))
                {
                    return false;
                }

                _state.Handle(key, screen.Views);
                isChanged = true;
            }

            (int Width, int Height) size = (console.Profile.Width, console.Profile.Height);
            if (isChanged || size != drawn)
            {
                // A terminal that has another size now has moved its lines.
                Draw(screen.Draw(_state, size.Width, size.Height), isCleared: drawn != default && drawn != size);
                drawn = size;
            }

            await Task.WhenAny(Task.Delay(_keyPoll), stop);
        }

        return !stop.IsCompleted;
    }

    /// <summary>Writes a whole screen at once, each line over the one that was there.</summary>
    private void Draw(IReadOnlyList<ScreenLine> lines, bool isCleared)
    {
        var frame = new StringBuilder(isCleared ? ClearScreen : "").Append(ToTop);
        for (int i = 0; i < lines.Count; i++)
        {
            // Cleared first: behind a line that is as wide as the screen, its last character would go.
            frame.Append(i > 0 ? "\r\n" : "").Append(ClearLine).Append(lines[i].ToTerminal(HasColours));
        }

        Write(frame.ToString());
    }

    private static void Write(string text) => Console.Out.Write(text);

    // Keys have to be polled.
    private static ConsoleKeyInfo? ReadKey() =>
        !Console.IsInputRedirected && Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;
}
