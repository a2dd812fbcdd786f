namespace ProxyCore.Settings;

/// <summary>One thing that is wrong with options.</summary>
/// <param name="Path">Where, as in <c>Routes:0:Upstreams:1:Address</c>.</param>
/// <param name="Cause">What is wrong there.</param>
internal readonly record struct ValidationError(string Path, string Cause)
{
    public override string ToString() => $"{Path}: {Cause}";
}
