using System.Diagnostics;

namespace ProxyCore.Bench.Peers;

/// <summary>A small relay of the folder <c>Sources</c>, built where its compiler is installed.</summary>
/// <param name="source">The name of its file.</param>
/// <param name="compiler">What comes before the source: the compiler and its options, up to the one that names the program.</param>
internal sealed class BuiltRelay(string source, params string[] compiler)
{
    /// <summary>Builds it in <paramref name="folder"/>, unless that was done before; returns the program's path.</summary>
    /// <exception cref="InvalidOperationException">It can't be built; the message says why.</exception>
    internal string Build(string folder)
    {
        string program = Path.Combine(folder, source.Replace('.', '-'));
        if (File.Exists(program))
        {
            return program;
        }

        string copy = Path.Combine(folder, source);
        using (Stream text = typeof(BuiltRelay).Assembly.GetManifestResourceStream(source)!)
        using (FileStream file = File.Create(copy))
        {
            text.CopyTo(file);
        }

        var start = new ProcessStartInfo(compiler[0], [.. compiler[1..], program, copy]) { RedirectStandardError = true };
        using Process build = Process.Start(start)!;
        string said = build.StandardError.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0 ? program : throw new InvalidOperationException($"{source} can't be built: {said.Trim()}");
    }
}
