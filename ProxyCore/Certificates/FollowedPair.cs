using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>The files of a certificate and its key, and what was read from them last. Reading is for one thread at a time.</summary>
internal sealed class FollowedPair
{
    private readonly CertificateSettings _settings;
    private readonly FileWatch _watch;
    private volatile LoadedCertificate? _certificate;
    private volatile string? _error;

    internal FollowedPair(CertificateSettings settings)
    {
        _settings = settings;
        string?[] files = [settings.CertificatePath, settings.KeyPath, settings.PasswordPath];
        _watch = new FileWatch([.. files.OfType<string>().Distinct()]);
    }

    /// <summary>The file of the certificate.</summary>
    internal string Path => _settings.CertificatePath;

    /// <summary>The file of the key.</summary>
    internal string KeyPath => _settings.KeyPath ?? _settings.CertificatePath;

    /// <summary>What was read last with success; null before.</summary>
    internal LoadedCertificate? Certificate => _certificate;

    /// <summary>Why the files could not be used the last time; null if they could.</summary>
    internal string? Error => _error;

    /// <summary>Looks whether the files are to be read: see <see cref="FileWatch.Look"/>.</summary>
    internal bool IsDue() => _watch.Look();

    /// <summary>
    /// Reads the files. If they have the same certificate as before, it is the same object, with its key again; if they can't be
    /// used, it stays as it is.
    /// </summary>
    /// <returns>Whether it is another certificate now.</returns>
    internal bool Read()
    {
        _watch.BeginRead();
        try
        {
            LoadedCertificate read = CertificateLoader.Load(_settings);
            _error = null;
            return Use(read);
        }
        catch (CertificateException exception)
        {
            if (exception.IsTemporary)
            {
                _watch.ReadAgain();
            }

            _error = exception.Message;
            return false;
        }
    }

    /// <summary>What is in use, at a moment.</summary>
    internal CertificateStatus Describe(DateTimeOffset now)
    {
        LoadedCertificate certificate = _certificate!;
        return new CertificateStatus
        {
            File = Path,
            Subject = certificate.Subject,
            Names = certificate.Names,
            Serial = certificate.Serial,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            TimeLeft = certificate.NotAfter - now,
            Error = _error,
        };
    }

    private bool Use(LoadedCertificate read)
    {
        LoadedCertificate? before = _certificate;
        if (before is not null && before.IsSameAs(read))
        {
            before.Renew(read);
            return false;
        }

        _certificate = read;
        before?.Dispose();
        return true;
    }
}
