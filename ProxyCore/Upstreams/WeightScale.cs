using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>
/// Turns the weights of a source, from 0 to 65535, into those of a pool, from 1 to 1000. They stay as they are where that is
/// possible. Otherwise the largest becomes 1000, so that one with 0 has as little beside it as can be.
/// </summary>
internal readonly struct WeightScale
{
    private readonly double _factor;

    private WeightScale(double factor) => _factor = factor;

    /// <summary>The scale for servers of one priority that have these weights.</summary>
    internal static WeightScale For(IReadOnlyList<int> weights)
    {
        int largest = weights.Max();
        bool fits = largest <= OptionLimits.Weight.Most && (largest == 0 || !weights.Contains(0));
        return new WeightScale(fits ? 1 : (double)OptionLimits.Weight.Most / largest);
    }

    internal int Convert(int weight) => Math.Max(1, (int)Math.Round(weight * _factor));
}
