using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Certificates;

/// <summary>Says in the log what is wrong with certificates that can be used. For one thread at a time.</summary>
/// <param name="clock">What time it is.</param>
/// <param name="logger">The log.</param>
internal sealed class CertificateWarnings(TimeProvider clock, ILogger logger)
{
    /// <summary>How long before its end a certificate is to be renewed: what ACME clients renew at 30 days has failed by then.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(14);

    private static readonly TimeSpan _repeatAfter = TimeSpan.FromDays(1);

    private DateTimeOffset _repeatAt = clock.GetUtcNow() + _repeatAfter;

    /// <summary>Warns of a certificate that is not valid, or not for long.</summary>
    internal void CheckValidity(FollowedPair pair)
    {
        LoadedCertificate certificate = pair.Certificate!;
        DateTimeOffset now = clock.GetUtcNow();
        if (now < certificate.NotBefore)
        {
            logger.CertificateNotYetValid(pair.Path, certificate.NotBefore);
        }

        if (now > certificate.NotAfter)
        {
            logger.CertificateExpired(pair.Path, certificate.NotAfter);
        }
        else if (certificate.NotAfter - now <= _soon)
        {
            logger.CertificateExpiresSoon(pair.Path, (int)(certificate.NotAfter - now).TotalDays, certificate.NotAfter);
        }
    }

    /// <summary>Warns of them again, once a day.</summary>
    internal void Repeat(IEnumerable<FollowedPair> pairs)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now < _repeatAt)
        {
            return;
        }

        _repeatAt = now + _repeatAfter;
        foreach (FollowedPair pair in pairs)
        {
            CheckValidity(pair);
        }
    }

    /// <summary>Warns of a key that others may read.</summary>
    internal void CheckKey(FollowedPair pair)
    {
        if (pair.Certificate!.IsKeyExposed)
        {
            logger.KeyExposed(pair.KeyPath);
        }
    }
}
