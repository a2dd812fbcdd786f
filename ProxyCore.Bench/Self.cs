namespace ProxyCore.Bench;

/// <summary>This program, started once more.</summary>
internal static class Self
{
    /// <summary>The arguments after <see cref="Environment.ProcessPath"/>: as a library it is the first argument of <c>dotnet</c>.</summary>
    internal static string[] Arguments(params string[] arguments)
    {
        string program = typeof(Self).Assembly.Location;
        bool isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        return isHosted ? [program, .. arguments] : arguments;
    }
}
