namespace ProxyCore.Settings;

/// <summary>Finds out when files that are read together have changed, and writing them is complete. For one thread at a time.</summary>
/// <param name="paths">The whole paths.</param>
internal sealed class FileWatch(params IReadOnlyList<string> paths)
{
    private FileStamp?[] _seen = new FileStamp?[paths.Count];
    private FileStamp?[] _read = new FileStamp?[paths.Count];
    private bool _readAgain;

    /// <summary>
    /// Whether the files are to be read: one is not as it was when they were read last, and none has changed since the last
    /// look, so that writing is complete.
    /// </summary>
    internal bool Look()
    {
        FileStamp?[] now = TakeStamps();
        bool isComplete = now.AsSpan().SequenceEqual(_seen);
        _seen = now;
        return isComplete && (_readAgain || !now.AsSpan().SequenceEqual(_read));
    }

    /// <summary>Called before the files are read: what changes meanwhile is found at the next look.</summary>
    internal void BeginRead()
    {
        _seen = _read = TakeStamps();
        _readAgain = false;
    }

    /// <summary>
    /// Lets the next look ask for another reading, though no file may change until then: permissions of a folder, or a lack of
    /// descriptors, show in no stamp.
    /// </summary>
    internal void ReadAgain() => _readAgain = true;

    private FileStamp?[] TakeStamps()
    {
        var stamps = new FileStamp?[paths.Count];
        for (int i = 0; i < stamps.Length; i++)
        {
            stamps[i] = FileStamp.Of(paths[i]);
        }

        return stamps;
    }
}
