using ProxyCore.Diagnostics;

namespace ProxyCore.Settings;

/// <summary>Checks toxics and turns them into settings.</summary>
internal sealed class ToxicReader(ValidationErrors errors)
{
    private const int LongestName = 200;

    /// <summary>Checks one toxic, for a proxy that runs.</summary>
    /// <exception cref="ArgumentException">It has errors; the message has a line for each.</exception>
    internal static ToxicSettings Read(Toxic toxic)
    {
        ArgumentNullException.ThrowIfNull(toxic);
        var errors = new ValidationErrors();
        ToxicSettings settings = Read(toxic, errors);
        return errors.Any ? throw new ArgumentException(string.Join(Environment.NewLine, errors.Lines), nameof(toxic)) : settings;
    }

    /// <summary>The same; its errors are added to <paramref name="errors"/>.</summary>
    internal static ToxicSettings Read(Toxic toxic, ValidationErrors errors) => new ToxicReader(errors).Read(toxic.Copy(), "");

    /// <summary>Reads the toxics of a route.</summary>
    internal ValueList<ToxicSettings> Read(IList<Toxic> toxics, string path)
    {
        var read = new List<ToxicSettings>(toxics.Count);
        for (int i = 0; i < toxics.Count; i++)
        {
            string item = errors.PathOf(toxics[i], FormattableString.Invariant($"{path}:{i}"));
            if (!errors.Require(toxics[i] is not null, item, "must not be null"))
            {
                continue;
            }

            ToxicSettings one = Read(toxics[i], item + ":");
            if (errors.Require(
                !read.Exists(other => other.Name == one.Name),
                item + ":" + nameof(Toxic.Name),
                $"'{Printable.Shorten(one.Name)}' is the name of another toxic of the route already"))
            {
                read.Add(one);
            }
        }

        return [.. read];
    }

    private ToxicSettings Read(Toxic toxic, string path)
    {
        errors.Require(
            toxic.Name is null or { Length: > 0 and <= LongestName },
            path + nameof(toxic.Name),
            $"must have from 1 to {LongestName} characters");
        errors.RequireNamed(toxic.Stream, path + nameof(toxic.Stream));
        errors.RequireNamed(toxic.Scope, path + nameof(toxic.Scope));
        RequireShare(toxic.Toxicity, path + nameof(toxic.Toxicity));
        errors.RequireCount(toxic.SkipConnections, path + nameof(toxic.SkipConnections), OptionLimits.CountOrNone);
        errors.RequireCount(toxic.TakeConnections ?? 1, path + nameof(toxic.TakeConnections), OptionLimits.AnyCount);
        errors.RequireTimeout(toxic.Duration ?? OptionLimits.Longest, path + nameof(toxic.Duration));
        RequireParameters(toxic, path);
        return new ToxicSettings(
            NameOf(toxic), toxic, new AccessReader(errors).ReadRanges(toxic.Clients, path + nameof(toxic.Clients)));
    }

    /// <summary>What a toxic is called; without a name of its own, its type and its stream.</summary>
    internal static string NameOf(Toxic toxic) => toxic.Name
        ?? (toxic is ConnectDelayToxic or RefuseToxic ? toxic.Type : $"{toxic.Type}_{(toxic.Stream == ToxicDirection.Upstream ? "upstream" : "downstream")}");

    private void RequireParameters(Toxic toxic, string path)
    {
        switch (toxic)
        {
            case LatencyToxic latency:
                RequireTime(latency.Latency, path + nameof(latency.Latency));
                RequireTime(latency.Jitter, path + nameof(latency.Jitter));
                errors.RequireCount(latency.MaxHeld, path + nameof(latency.MaxHeld), OptionLimits.MaxHeld);
                break;
            case BandwidthToxic bandwidth:
                errors.Require(
                    bandwidth.BytesPerSecond >= OptionLimits.ToxicBandwidth.Least && bandwidth.BytesPerSecond <= OptionLimits.ToxicBandwidth.Most,
                    path + nameof(bandwidth.BytesPerSecond),
                    $"must be {OptionLimits.ToxicBandwidth}");
                break;
            case SlowCloseToxic slowClose:
                RequireTime(slowClose.Delay, path + nameof(slowClose.Delay));
                break;
            case TimeoutToxic timeout:
                RequireTime(timeout.Timeout, path + nameof(timeout.Timeout));
                break;
            case CloseToxic close:
                RequireTime(close.Delay, path + nameof(close.Delay));
                errors.RequireNamed(close.End, path + nameof(close.End));
                break;
            case SlicerToxic slicer:
                RequireSlices(slicer, path);
                break;
            case LimitDataToxic limit:
                errors.Require(limit.Bytes >= 0, path + nameof(limit.Bytes), "must be 0 or more");
                break;
            case ConnectDelayToxic delay:
                RequireTime(delay.Delay, path + nameof(delay.Delay));
                break;
            case RefuseToxic refuse:
                errors.RequireNamed(refuse.End, path + nameof(refuse.End));
                break;
            case CorruptToxic corrupt:
                RequireShare(corrupt.Share, path + nameof(corrupt.Share));
                break;
            case CutToxic cut:
                RequireTime(cut.After, path + nameof(cut.After));
                errors.RequireNamed(cut.End, path + nameof(cut.End));
                break;
        }
    }

    private void RequireSlices(SlicerToxic slicer, string path)
    {
        errors.RequireCount(slicer.AverageSize, path + nameof(slicer.AverageSize), OptionLimits.AnyCount);
        errors.Require(
            slicer.SizeVariation >= 0 && (slicer.SizeVariation < slicer.AverageSize || slicer.AverageSize < 1),
            path + nameof(slicer.SizeVariation),
            $"must be from 0 to less than {nameof(slicer.AverageSize)}");
        RequireTime(slicer.Delay, path + nameof(slicer.Delay));
    }

    private void RequireTime(TimeSpan time, string path) => errors.RequireTime(time, path, OptionLimits.TimeoutOrNone, "zero");

    private void RequireShare(double share, string path) => errors.RequireShare(share, path);
}
