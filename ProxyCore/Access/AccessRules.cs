using System.Net;

namespace ProxyCore.Access;

/// <summary>Which clients may connect. Immutable, safe for any thread.</summary>
/// <param name="Allowed">The only clients that may; null for all. A list without a single address lets nobody in.</param>
/// <param name="Denied">The clients that may not, even if they are among the allowed ones.</param>
internal sealed record AccessRules(AddressSet? Allowed, AddressSet Denied)
{
    /// <summary>Rules that let every client in.</summary>
    internal static AccessRules Open { get; } = new(Allowed: null, AddressSet.Empty);

    /// <summary>Whether a client may connect.</summary>
    /// <param name="address">
    /// Its address; null for a client of a Unix socket, which has none and may always connect: there the permissions of the
    /// file decide.
    /// </param>
    internal bool Allows(IPAddress? address) =>
        address is null || (!Denied.Contains(address) && (Allowed is null || Allowed.Contains(address)));
}
