namespace ProxyCore.Sharing;

/// <summary>A proxy, as the state that it shares changes it. Any thread.</summary>
internal interface ISharedTarget
{
    /// <summary>Does what items say, and notes in each whether it is in force then. It does not throw.</summary>
    /// <param name="items">What other proxies have set, or was set before the configuration had it.</param>
    /// <param name="now">The time, on the clock of the items.</param>
    Task ApplyAsync(IReadOnlyList<SharedItem> items, TimeSpan now);
}
