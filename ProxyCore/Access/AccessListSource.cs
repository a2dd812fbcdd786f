using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>The rules of access settings, with the files that they name: read again when these change.</summary>
/// <remarks>
/// The files are read on a thread of the pool, never on a loop's; loops take <see cref="Rules"/> as they are.
/// </remarks>
internal sealed class AccessListSource : IDisposable
{
    private readonly AccessSettings _settings;
    private readonly AccessListFile[] _allowFiles;
    private readonly AccessListFile[] _denyFiles;
    private readonly ILogger _logger;
    private readonly FilePoll _poll;
    private readonly Lock _gate = new();
    private AccessRules _rules;
    private bool _isDisposed;

    /// <param name="settings">The lists, and the names of files with more.</param>
    /// <param name="clock">When to look at the files.</param>
    /// <param name="logger">Where it is told that a file was read, or could not be.</param>
    internal AccessListSource(AccessSettings settings, TimeProvider clock, ILogger logger)
    {
        _settings = settings;
        _logger = logger;
        _poll = new FilePoll(clock, Look);
        _allowFiles = [.. settings.AllowFiles.Select(static path => new AccessListFile(path))];
        _denyFiles = [.. settings.DenyFiles.Select(static path => new AccessListFile(path))];
        _rules = MakeRules();
    }

    /// <summary>Raised on a thread of the pool after <see cref="Rules"/> have changed. Handlers must not throw.</summary>
    internal event Action? Changed;

    /// <summary>What is to be obeyed now. For any thread.</summary>
    internal AccessRules Rules => Volatile.Read(ref _rules);

    /// <summary>The lists as they are configured.</summary>
    internal AccessSettings Settings => _settings;

    private IEnumerable<AccessListFile> Files => [.. _allowFiles, .. _denyFiles];

    /// <summary>Reads all files, before the start.</summary>
    /// <param name="path">Where the settings are configured.</param>
    /// <returns>A validation error for each file that can't be read; the rules are not to be used then.</returns>
    internal IReadOnlyList<ValidationError> ReadAll(string path)
    {
        foreach (AccessListFile file in Files)
        {
            file.Read();
        }

        Volatile.Write(ref _rules, MakeRules());
        return
        [
            .. Errors(_allowFiles, $"{path}:{nameof(AccessOptions.AllowFiles)}"),
            .. Errors(_denyFiles, $"{path}:{nameof(AccessOptions.DenyFiles)}"),
        ];
    }

    /// <summary>Begins to look at the files every second, if there are any.</summary>
    internal void Start()
    {
        if (Files.Any())
        {
            _poll.Start();
        }
    }

    /// <summary>Ends the looks; one that is under way changes nothing any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _poll.Dispose();
    }

    private static IEnumerable<ValidationError> Errors(AccessListFile[] files, string path) => files.Index()
        .Where(static one => one.Item.Error is not null)
        .Select(one => new ValidationError(FormattableString.Invariant($"{path}:{one.Index}"), one.Item.Error!));

    private void Look()
    {
        bool isChanged = false;
        foreach (AccessListFile file in Files)
        {
            isChanged |= IsChanged(file);
        }

        AccessRules rules = isChanged ? MakeRules() : _rules;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            Volatile.Write(ref _rules, rules);
        }

        if (isChanged)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Whether a file was read again; logs how that went, and the same error only once.</summary>
    private bool IsChanged(AccessListFile file)
    {
        string? before = file.Error;
        if (!file.Look())
        {
            return false;
        }

        if (file.Error is null)
        {
            _logger.AccessListRead(file.Path, file.Set.RangeCount);
        }
        else if (file.Error != before)
        {
            _logger.AccessListNotRead(file.Error);
        }

        return file.Error is null;
    }

    private AccessRules MakeRules() => new(
        _settings.Allow.Count + _allowFiles.Length > 0 ? Union(_settings.Allow, _allowFiles) : null,
        Union(_settings.Deny, _denyFiles));

    private static AddressSet Union(ValueList<AddressRange> ranges, AccessListFile[] files)
    {
        if (ranges.Count == 0 && files is [var only])
        {
            return only.Set;
        }

        var builder = new AddressSet.Builder();
        foreach (AddressRange range in ranges)
        {
            builder.Add(range);
        }

        Array.ForEach(files, file => builder.Add(file.Set));
        return builder.Build();
    }
}
