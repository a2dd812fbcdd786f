using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>A configuration file with what overrides it: environment variables, and above them the command line.</summary>
internal sealed class ConfigurationFile
{
    private const string Section = "ProxyCore";

    // Some ten thousand routes; what is larger is no configuration.
    private const int MostBytes = 4 * 1024 * 1024;

    private static readonly string[] _topKeys = [Section, "$schema", "Logging"];

    private readonly FileInfo _file;
    private readonly KeyValuePair<string, string?>[] _overrides;

    /// <param name="file">The file.</param>
    /// <param name="overrides">Keys below the section, and their values.</param>
    internal ConfigurationFile(FileInfo file, IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        _file = file;
        _overrides = [.. overrides.Select(static one => KeyValuePair.Create($"{Section}:{one.Key}", one.Value))];
    }

    /// <summary>Its path, as it was given.</summary>
    internal string Name => _file.ToString();

    /// <summary>Its <see cref="State"/> when it was read last.</summary>
    internal FileState? ReadState { get; private set; }

    /// <summary>What is another when the file is; null when there is none.</summary>
    internal FileState? State
    {
        get
        {
            try
            {
                FileSystemInfo target = _file.ResolveLinkTarget(returnFinalTarget: true) ?? new FileInfo(_file.FullName);
                return new FileState(target.LastWriteTimeUtc, ((FileInfo)target).Length, target.FullName);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is away for a moment, while another one is put in its place.
                return null;
            }
        }
    }

    /// <summary>Reads it into <paramref name="options"/>.</summary>
    /// <exception cref="OptionsValidationException">It has errors, of which it tells all.</exception>
    internal void Configure(TcpProxyOptions options)
    {
        IReadOnlyList<string> errors = Read(options);
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(TcpProxyOptions), errors);
        }
    }

    /// <summary>Reads it; returns a line for each mistake, none when <paramref name="options"/> are good.</summary>
    internal IReadOnlyList<string> Read(TcpProxyOptions options)
    {
        ReadState = State;
        try
        {
            byte[] content = ReadBytes();
            IConfigurationRoot file = new ConfigurationBuilder().AddJsonStream(new MemoryStream(content)).Build();
            string[] strangers =
            [
                .. file.GetChildren()
                    .Where(static child => !_topKeys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                    .Select(static child => $"{child.Key}: unknown key; the keys of a proxy stand below {Section}"),
            ];
            IConfigurationRoot whole = new ConfigurationBuilder()
                .AddJsonStream(new MemoryStream(content))
                .AddEnvironmentVariables()
                .AddInMemoryCollection(_overrides)
                .Build();
            ValidationErrors errors = ConfigurationReader.Read(whole.GetSection(Section), options);
            return [.. strangers.Concat(errors.Lines).Select(line => $"{Name}: {line}")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            return [$"{Name}: {Describe(exception)}"];
        }
    }

    private static string Describe(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "can't be read: permission denied, or it is a folder",
        JsonException { LineNumber: { } line } => $"no JSON: line {line + 1}: {exception.Message.Split(" LineNumber:")[0]}",
        { InnerException: JsonException inner } => Describe(inner),
        _ => exception.Message,
    };

    /// <summary>All of it at once: a file that is being written is not read in two halves of different versions.</summary>
    private byte[] ReadBytes()
    {
        using FileStream stream = new(_file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[MostBytes + 1];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= MostBytes ? content[..length] : throw new IOException($"is larger than {MostBytes} bytes");
    }
}
