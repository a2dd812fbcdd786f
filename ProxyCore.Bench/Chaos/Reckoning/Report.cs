namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>Prints each check as it is made, and remembers whether one failed.</summary>
internal sealed class Report(TextWriter output)
{
    internal int Passed { get; private set; }

    internal int Failed { get; private set; }

    internal void Add(Check check)
    {
        if (check.IsKept)
        {
            Passed++;
        }
        else
        {
            Failed++;
        }

        output.WriteLine(check);
    }
}
