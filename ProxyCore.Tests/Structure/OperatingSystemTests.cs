using System.Text.RegularExpressions;

namespace ProxyCore.Tests.Structure;

/// <summary>One file asks which operating system it is: what others ask could not be switched, and would be tried on one alone.</summary>
internal sealed partial class OperatingSystemTests
{
    private const string TheOne = "TargetSystem.cs";

    private static IEnumerable<string> Sources() =>
        ((string[])[Repository.Library, Repository.Command])
            .SelectMany(static project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"));

    [Test]
    public void Only_TargetSystem_asks_which_operating_system_it_is()
    {
        string[] asking = [.. Sources().Where(static file => Question().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName)!];

        Assert.That(asking, Is.EqualTo([TheOne]));
    }

    [TestCase("if (OperatingSystem.IsLinux())", true)]
    [TestCase("if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))", true)]
    [TestCase("switch (Environment.OSVersion.Platform)", true)]
    [TestCase("if (TargetSystem.IsLinux)", false)]
    [TestCase("RuntimeInformation.ProcessArchitecture", false)]
    public void A_question_is_found_in_each_way_to_ask_it(string source, bool isQuestion) =>
        Assert.That(Question().IsMatch(source), Is.EqualTo(isQuestion));

    [GeneratedRegex(@"\bOperatingSystem\.|\bIsOSPlatform\b|\bOSVersion\b|\bOSDescription\b")]
    private static partial Regex Question();
}
