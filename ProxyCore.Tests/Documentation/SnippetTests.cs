using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Configuration;
using ProxyCore.Cli;
using ProxyCore.Cli.Shared;
using ProxyCore.Hosting;
using ProxyCore.Settings;
using ProxyCore.Tests.Configuration;

namespace ProxyCore.Tests.Documentation;

/// <summary>What the pages show to type is good: code compiles as it stands, configurations have no errors.</summary>
internal sealed class SnippetTests
{
    // What a project has from its implicit usings, and what a reader has at hand where a snippet begins in the middle.
    private const string Given = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net;
        global using System.Net.Sockets;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Logging;
        global using NUnit.Framework;
        global using ProxyCore;
        global using static Given;

        internal static class Given
        {
            internal static readonly WebApplicationBuilder builder = WebApplication.CreateBuilder();
            internal static readonly TcpProxyOptions options = new();
            internal static readonly ILoggerFactory loggerFactory = LoggerFactory.Create(static _ => { });
            internal static readonly TcpListener echoServer = new(IPAddress.Loopback, 0);
        }
        """;

    private static readonly CSharpParseOptions _language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(static assembly => MetadataReference.CreateFromFile(assembly)),
    ];

    [TestCaseSource(nameof(Code))]
    public void Code_compiles(Snippet snippet) => Assert.That(MistakesIn(snippet.Text), Is.Empty, snippet.Text);

    [Test]
    public void Code_that_does_not_compile_is_found() =>
        Assert.That(MistakesIn("await TcpProxy.StartNewAsync(8080);"), Has.One.Contains("CS7036"));

    [TestCaseSource(nameof(CodeOfSamples))]
    public void Code_of_a_sample_is_as_in_the_sample(Snippet snippet) =>
        Assert.That(WithoutIndents(File.ReadAllText(snippet.Source!)), Does.Contain(WithoutIndents(snippet.Text)));

    [TestCaseSource(nameof(Configurations))]
    public void Configuration_has_no_mistakes(Snippet snippet)
    {
        IConfigurationRoot configuration =
            new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(WithoutKeysOfTheCommand(snippet.Text)))).Build();
        var ofTheCommand = new ValidationErrors();

        _ = CommandKeys.Take(JsonConfiguration.Read(Encoding.UTF8.GetBytes(snippet.Text), ofTheCommand), ofTheCommand);

        Assert.That(configuration.GetSection("ProxyCore").ErrorsIn(new TcpProxyOptions()).Lines, Is.Empty);
        Assert.That(ofTheCommand.Lines, Is.Empty);
    }

    /// <summary>A host reads the same file, but for what the command alone does.</summary>
    private static string WithoutKeysOfTheCommand(string text)
    {
        JsonNode root = JsonNode.Parse(
            text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        foreach (ConfigurationKey key in CommandKeys.All)
        {
            root["ProxyCore"]?.AsObject().Remove(key.Name);
        }

        return root.ToJsonString();
    }

    // That of samples needs their packages; they compile it.
    private static IEnumerable<Snippet> Code() => Snippet.In("csharp").Where(static snippet => snippet.Source is null);

    private static IEnumerable<Snippet> CodeOfSamples() => Snippet.In("csharp").Where(static snippet => snippet.Source is not null);

    private static string WithoutIndents(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()));

    private static IEnumerable<Snippet> Configurations() => Snippet.In("json");

    private static IEnumerable<string> MistakesIn(string code)
    {
        // A line of its own that stands for whatever the reader does there.
        string whole = string.Join('\n', code.Split('\n').Where(static line => line.Trim() != "…"));
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(whole, _language), CSharpSyntaxTree.ParseText(Given, _language)],
            _references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return compilation.GetDiagnostics()
            .Where(static mistake => mistake.Severity >= DiagnosticSeverity.Warning)
            .Select(static mistake => mistake.ToString());
    }
}
