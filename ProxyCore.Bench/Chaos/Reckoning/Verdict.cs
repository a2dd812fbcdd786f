namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>What is to be thought of a transfer.</summary>
/// <param name="Rule">The rule that decides.</param>
/// <param name="Cause">A few words on what happened, equal for equal cases.</param>
internal sealed record Verdict(Rule Rule, string Cause)
{
    internal bool IsFailure => Rule is not (Rule.Whole or Rule.Excused);
}
