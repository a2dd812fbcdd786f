using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>
/// The certificates and authorities that the settings of a proxy name: read once each, however many places name them, and read
/// again when their files change.
/// </summary>
/// <remarks>
/// <para>First <see cref="Read"/>, then contexts are made of what was read, then <see cref="Start"/>. New settings need a new source.</para>
/// <para>
/// Keys are in memory only while contexts are made: from <see cref="Read"/> to <see cref="Start"/>, and while handlers of
/// <see cref="Changed"/> run. What has not changed is the same object as before, so that contexts made of it can be kept.
/// </para>
/// <para>On Linux, .NET ends the process when it needs OpenSSL and does not find it: the caller makes sure first.</para>
/// </remarks>
internal sealed class CertificateSource : IDisposable
{
    private readonly OrderedDictionary<CertificateSettings, FollowedPair> _pairs = [];
    private readonly OrderedDictionary<string, FollowedAuthorities> _authorities = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CertificateWarnings _warnings;
    private readonly FilePoll _poll;
    private readonly Lock _gate = new();
    private bool _isLooking;
    private bool _isDisposed;

    /// <param name="clock">When to look at the files, and what time it is for certificates.</param>
    /// <param name="logger">Where it says what was read, what could not be, and what expires.</param>
    internal CertificateSource(TimeProvider clock, ILogger logger)
    {
        _clock = clock;
        _logger = logger;
        _warnings = new CertificateWarnings(clock, logger);
        _poll = new FilePoll(clock, Look);
    }

    /// <summary>
    /// Raised on a thread of the pool after certificates or authorities have changed. Handlers make what they need of the keys
    /// before they return, and must not throw.
    /// </summary>
    internal event Action? Changed;

    /// <summary>The certificates in use, each once, in the order of the settings. Any thread, after <see cref="Read"/>.</summary>
    internal IReadOnlyList<CertificateStatus> Status
    {
        get
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return [.. _pairs.Values.Where(static pair => pair.Certificate is not null).Select(pair => pair.Describe(now))];
        }
    }

    /// <summary>Reads all files, before the start. Once.</summary>
    /// <param name="pairs">The certificates, and where each is configured.</param>
    /// <param name="authorities">The files with authorities, and where each is configured.</param>
    /// <returns>An error for each place whose files can't be used; nothing is to be used then.</returns>
    internal IReadOnlyList<ValidationError> Read(
        IEnumerable<(CertificateSettings Settings, string Path)> pairs, IEnumerable<(string CaPath, string Path)> authorities)
    {
        List<ValidationError> errors = [];
        foreach ((CertificateSettings settings, string path) in pairs)
        {
            if (_pairs.TryAdd(settings, new FollowedPair(settings)))
            {
                _pairs[settings].Read();
            }

            AddError(errors, path, _pairs[settings].Error);
        }

        foreach ((string file, string path) in authorities)
        {
            if (_authorities.TryAdd(file, new FollowedAuthorities(file)))
            {
                _authorities[file].Read();
            }

            AddError(errors, path, _authorities[file].Error);
        }

        return errors;
    }

    /// <summary>A certificate as it is to be used now. Any thread, after a <see cref="Read"/> without errors.</summary>
    internal LoadedCertificate Get(CertificateSettings settings) => _pairs[settings].Certificate!;

    /// <summary>
    /// The certificates of authorities in a file, each as DER, as they are to be used now. Any thread, after <see cref="Read"/>.
    /// </summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> GetAuthorities(string caPath) => _authorities[caPath].Certificates;

    /// <summary>Clears the keys, and begins to look at the files every second. Once, after a <see cref="Read"/> without errors.</summary>
    internal void Start()
    {
        ClearKeys();
        foreach (FollowedPair pair in _pairs.Values)
        {
            LogUse(pair);
            _warnings.CheckKey(pair);
        }

        if (_pairs.Count + _authorities.Count > 0)
        {
            _poll.Start();
        }
    }

    /// <summary>Warns of certificates that are not valid, or not for long, and of keys that others may read.</summary>
    internal void Warn()
    {
        foreach (FollowedPair pair in _pairs.Values)
        {
            _warnings.CheckValidity(pair);
            _warnings.CheckKey(pair);
        }
    }

    /// <summary>
    /// Ends the looks and clears the keys; when handlers of <see cref="Changed"/> are running, the keys are cleared after them.
    /// </summary>
    public void Dispose()
    {
        _poll.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            if (!_isLooking)
            {
                ClearKeys();
            }
        }
    }

    private static void AddError(List<ValidationError> errors, string path, string? error)
    {
        if (error is not null)
        {
            errors.Add(new ValidationError(path, error));
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isLooking = true;
        }

        if (ReadWhatChanged() && !Volatile.Read(ref _isDisposed))
        {
            Changed?.Invoke();
        }

        _warnings.Repeat(_pairs.Values);
        lock (_gate)
        {
            _isLooking = false;
            ClearKeys();
        }
    }

    /// <summary>Reads the files that have changed, and when that makes a difference, the others too, for their keys.</summary>
    private bool ReadWhatChanged()
    {
        ILookup<bool, FollowedPair> pairs = _pairs.Values.ToLookup(static pair => pair.IsDue());
        FollowedAuthorities[] authorities = [.. _authorities.Values.Where(static one => one.IsDue())];

        // Count, unlike Any, reads all of them.
        int changes = pairs[true].Count(ReadAgain) + authorities.Count(ReadAgain);
        return changes > 0 && changes + pairs[false].Count(ReadAgain) > 0;
    }

    /// <summary>Reads a pair and logs how that went, the same error only once.</summary>
    private bool ReadAgain(FollowedPair pair)
    {
        string? errorBefore = pair.Error;
        bool wasExposed = pair.Certificate!.IsKeyExposed;
        bool isChanged = pair.Read();
        LoadedCertificate certificate = pair.Certificate;
        if (isChanged || (errorBefore is not null && pair.Error is null))
        {
            LogUse(pair);
        }
        else if (pair.Error is { } error && error != errorBefore)
        {
            _logger.CertificateNotRead(error, certificate.Serial, certificate.NotAfter);
        }

        if (!wasExposed || isChanged)
        {
            _warnings.CheckKey(pair);
        }

        return isChanged;
    }

    private bool ReadAgain(FollowedAuthorities authorities)
    {
        string? errorBefore = authorities.Error;
        bool isChanged = authorities.Read();
        if (isChanged || (errorBefore is not null && authorities.Error is null))
        {
            _logger.AuthoritiesRead(authorities.Path, authorities.Certificates.Count);
        }
        else if (authorities.Error is { } error && error != errorBefore)
        {
            _logger.AuthoritiesNotRead(error, authorities.Certificates.Count);
        }

        return isChanged;
    }

    private void LogUse(FollowedPair pair)
    {
        LoadedCertificate certificate = pair.Certificate!;
        _logger.CertificateRead(pair.Path, CertificateLog.TextOf(certificate.Names), certificate.Serial, certificate.NotAfter);
        _warnings.CheckValidity(pair);
    }

    private void ClearKeys()
    {
        foreach (FollowedPair pair in _pairs.Values)
        {
            pair.Certificate?.ClearKey();
        }
    }
}
