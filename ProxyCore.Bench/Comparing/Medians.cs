namespace ProxyCore.Bench.Comparing;

/// <summary>Figures of many rounds as one.</summary>
internal static class Medians
{
    /// <summary>The value in the middle; of two, the one between them. 0 of none.</summary>
    internal static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length switch
        {
            0 => 0,
            _ when sorted.Length % 2 == 1 => sorted[middle],
            _ => (sorted[middle - 1] + sorted[middle]) / 2,
        };
    }

    /// <summary>
    /// The median over the rounds of one contender's figure to another's in the same round: what slows the machine for
    /// a while slows both. Null where a round has not both, or the other's figure is 0.
    /// </summary>
    internal static double? OfRatios(
        IReadOnlyList<Measurement> measurements, string contender, string other, Func<Measurement, double> figure)
    {
        double[] ratios = Ratios(measurements, contender, other, figure);
        return ratios.Length == 0 ? null : Of(ratios);
    }

    /// <summary>The ratios of all rounds that have both contenders, from the smallest to the largest.</summary>
    internal static double[] Ratios(
        IReadOnlyList<Measurement> measurements, string contender, string other, Func<Measurement, double> figure) =>
    [
        .. from one in measurements
           where one.Contender == contender
           join two in measurements.Where(two => two.Contender == other) on one.Round equals two.Round
           where figure(two) > 0
           let ratio = figure(one) / figure(two)
           orderby ratio
           select ratio,
    ];
}
