namespace ProxyCore.Settings;

/// <summary>Checks the options of access and turns them into settings.</summary>
internal sealed class AccessReader(ValidationErrors errors)
{
    /// <param name="options">The options; null for none.</param>
    /// <param name="path">Where they are configured.</param>
    internal AccessSettings? Read(AccessOptions? options, string path) => options is null
        ? null
        : new AccessSettings(
            ReadRanges(options.Allow, $"{path}:{nameof(options.Allow)}"),
            ReadRanges(options.Deny, $"{path}:{nameof(options.Deny)}"),
            ReadFiles(options.AllowFiles, $"{path}:{nameof(options.AllowFiles)}"),
            ReadFiles(options.DenyFiles, $"{path}:{nameof(options.DenyFiles)}"),
            options.EndDenied);

    /// <summary>Reads addresses and ranges.</summary>
    internal ValueList<AddressRange> ReadRanges(IList<string> texts, string path)
    {
        var ranges = new List<AddressRange>(texts.Count);
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i] is null)
            {
                errors.Require(false, errors.PathOf(texts, i, path), "must not be null");
            }
            else if (AddressRange.TryParse(texts[i], out AddressRange range, out string? cause))
            {
                ranges.Add(range);
            }
            else
            {
                errors.Require(false, errors.PathOf(texts, i, path), cause);
            }
        }

        return [.. ranges];
    }

    private ValueList<string> ReadFiles(IList<string> files, string path)
    {
        var paths = new List<string>(files.Count);
        for (int i = 0; i < files.Count; i++)
        {
            if (errors.ReadFile(files[i], errors.PathOf(files, i, path)) is { } file)
            {
                paths.Add(file);
            }
        }

        return [.. paths];
    }
}
