namespace ProxyCore.Settings;

/// <summary>Which clients may connect, once the options are checked. Immutable.</summary>
/// <param name="Allow">The only ranges whose clients may; all may when there are none and no files either.</param>
/// <param name="Deny">The ranges whose clients may not; they come before the allowed ones.</param>
/// <param name="AllowFiles">Files with more allowed ranges, as whole paths.</param>
/// <param name="DenyFiles">Files with more denied ranges, as whole paths.</param>
/// <param name="EndDenied">Whether open connections end when a change of the lists no longer lets their clients in.</param>
internal sealed record AccessSettings(
    ValueList<AddressRange> Allow,
    ValueList<AddressRange> Deny,
    ValueList<string> AllowFiles,
    ValueList<string> DenyFiles,
    bool EndDenied);
