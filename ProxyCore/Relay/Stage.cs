namespace ProxyCore.Relay;

/// <summary>
/// A step that the bytes of one direction take between source and sink. One that derives from this class directly holds no
/// bytes: it counts them and limits how many are read. Times are those of the loop's clock. Belongs to the loop's thread.
/// </summary>
internal abstract class Stage
{
    /// <summary>
    /// How many bytes it takes at <paramref name="now"/>. While that is 0 the source is not read: its sender is slowed down.
    /// </summary>
    internal abstract int Room(TimeSpan now);

    /// <summary>
    /// Takes bytes that arrived at <paramref name="now"/>: never more than <see cref="Room"/>, but for those that were read
    /// before relaying began, if it holds none.
    /// </summary>
    internal abstract void Take(ReadOnlySpan<byte> bytes, TimeSpan now);

    /// <summary>The source is to be read, and there is no room: from now on <see cref="NextDue"/> says when there may be.</summary>
    internal virtual void BeginWait(TimeSpan now)
    {
    }

    /// <summary>
    /// When, after <paramref name="now"/>, more bytes or the end are ready or there is more room; null when that needs no
    /// time.
    /// </summary>
    internal abstract TimeSpan? NextDue(TimeSpan now);

    /// <summary>Frees what it holds. Nothing is called after it.</summary>
    internal abstract void Release();
}
