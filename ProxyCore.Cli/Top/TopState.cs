namespace ProxyCore.Cli.Top;

/// <summary>What the user has chosen to see: the view, where it is scrolled to, and how it is sorted.</summary>
internal sealed class TopState
{
    private readonly Dictionary<TopView, int> _firstRows = [];

    internal TopView View { get; private set; }

    /// <summary>Which connections come first.</summary>
    internal ConnectionOrder Order { get; private set; }

    /// <summary>Whether routes and upstreams that work are left out.</summary>
    internal bool ShowsTroubleOnly { get; private set; }

    /// <summary>The first row of the view that is shown.</summary>
    internal int FirstRow => _firstRows.GetValueOrDefault(View);

    /// <summary>How many rows the screen has had room for, which is how far a page scrolls.</summary>
    internal int Page { private get; set; } = 1;

    /// <summary>Whether a key ends the program.</summary>
    internal static bool IsQuit(ConsoleKeyInfo key) => key.Key is ConsoleKey.Q or ConsoleKey.Escape;

    /// <summary>Keeps the view within its rows, once it is known how many there are.</summary>
    internal void Clamp(int rows, int room)
    {
        Page = Math.Max(1, room);
        _firstRows[View] = Math.Clamp(FirstRow, 0, Math.Max(0, rows - room));
    }

    /// <summary>Does what a key asks for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="views">The views that there are.</param>
    internal void Handle(ConsoleKeyInfo key, IReadOnlyList<TopView> views)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow or ConsoleKey.K:
                Scroll(-1);
                break;
            case ConsoleKey.DownArrow or ConsoleKey.J:
                Scroll(1);
                break;
            case ConsoleKey.PageUp or ConsoleKey.B:
                Scroll(-Page);
                break;
            case ConsoleKey.PageDown or ConsoleKey.Spacebar:
                Scroll(Page);
                break;
            case ConsoleKey.Home:
                _firstRows[View] = 0;
                break;
            case ConsoleKey.End:
                _firstRows[View] = int.MaxValue / 2;
                break;
            case ConsoleKey.LeftArrow:
                Show(views, -1);
                break;
            case ConsoleKey.RightArrow or ConsoleKey.Tab:
                Show(views, 1);
                break;
            case ConsoleKey.S:
                Order = Order == ConnectionOrder.Busiest ? ConnectionOrder.Oldest : ConnectionOrder.Busiest;
                break;
            case ConsoleKey.T:
                ShowsTroubleOnly = !ShowsTroubleOnly;
                break;
            default:
                ShowNumber(key.KeyChar - '1', views);
                break;
        }
    }

    /// <summary>Leaves a view that there is no more.</summary>
    internal void Keep(IReadOnlyList<TopView> views) => View = views.Contains(View) ? View : TopView.Routes;

    private void Scroll(int rows) => _firstRows[View] = Math.Max(0, FirstRow + rows);

    private void Show(IReadOnlyList<TopView> views, int step) =>
        View = views[(views.TakeWhile(view => view != View).Count() + step + views.Count) % views.Count];

    private void ShowNumber(int index, IReadOnlyList<TopView> views)
    {
        if (index >= 0 && index < views.Count)
        {
            View = views[index];
        }
    }
}
