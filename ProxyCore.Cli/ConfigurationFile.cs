using System.Text.Json;
using Microsoft.Extensions.Options;
using ProxyCore.Cli.Discovery;
using ProxyCore.Cli.Shared;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>A configuration file with what overrides it: environment variables, and above them the command line.</summary>
internal sealed class ConfigurationFile
{
    internal const string Section = "ProxyCore";

    // Some ten thousand routes; what is larger is no configuration.
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly FileInfo _file;
    private readonly ConfigurationOverride[] _overrides;
    private SrvSource? _srv;
    private bool _isRead;

    /// <param name="file">The file.</param>
    /// <param name="overrides">What the command line says; later ones win.</param>
    internal ConfigurationFile(FileInfo file, IEnumerable<ConfigurationOverride> overrides)
    {
        _file = file;
        _overrides = [.. overrides];
    }

    /// <summary>Its path, as it was given.</summary>
    internal string Name => _file.ToString();

    /// <summary>Its <see cref="State"/> when it was read last.</summary>
    internal FileState? ReadState { get; private set; }

    /// <summary>Where what is set by hand is shared, as it was read first; null for nowhere.</summary>
    internal RedisSettings? Shared { get; private set; }

    /// <summary>What is another when the file is; null when there is none that could be read.</summary>
    internal FileState? State
    {
        get
        {
            try
            {
                using FileStream stream = RegularFile.OpenRead(_file.FullName);
                return stream.Length <= MostBytes ? FileState.Of(stream) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is away for a moment, while another one is put in its place.
                return null;
            }
        }
    }

    /// <summary>Reads it, and what overrides it, into <paramref name="options"/>, which are to be checked as a whole later.</summary>
    /// <param name="options">The options.</param>
    /// <param name="errors">What is wrong is added; each line will name the file, the variable or the option.</param>
    /// <exception cref="OptionsValidationException">It can't be read at all.</exception>
    internal void Read(TcpProxyOptions options, ValidationErrors errors)
    {
        ReadState = null;
        try
        {
            byte[] content = ReadBytes();
            ReadState = FileState.Of(content);
            TreeNode section = JsonConfiguration.Read(content, errors);
            var overrides = new OverriddenTree(section, errors);
            overrides.Apply(ConfigurationOverride.OfEnvironment());
            overrides.Apply(_overrides);
            errors.OriginOf = path => overrides.OriginOf(path) ?? Name;
            var ofTheCommand = CommandOptions.Take(section, errors);
            options.UpstreamSources[SrvSource.Scheme] = SourceFor(ofTheCommand.Dns, errors);
            ReadShared(ofTheCommand.Shared, errors);
            ConfigurationReader.ReadKeys(section, options, errors);
        }
        catch (JsonException exception)
        {
            throw Unreadable($"no JSON: line {exception.LineNumber + 1}: {exception.Message.Split(" LineNumber:")[0]}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Unreadable(exception.Message);
        }
    }

    /// <summary>Checks the files with lists of clients, certificates and keys that it names.</summary>
    /// <returns>The warnings of those that can be used.</returns>
    /// <exception cref="OptionsValidationException">One can't be used.</exception>
    internal IReadOnlyList<string> CheckFiles(ProxySettings settings)
    {
        try
        {
            return ReferencedFiles.Check(settings);
        }
        catch (ArgumentException exception)
        {
            throw new OptionsValidationException(
                Section, typeof(TcpProxyOptions), exception.Message.Split(Environment.NewLine).Select(line => $"{Name}: {line}"));
        }
    }

    /// <summary>Reads and checks it.</summary>
    /// <exception cref="OptionsValidationException">It can't be read, or has errors: all of them.</exception>
    internal CheckedOptions Check()
    {
        var options = new TcpProxyOptions();
        var errors = new ValidationErrors();
        Read(options, errors);
        return OptionsReader.TryRead(options, errors) ?? throw Failure(errors.Lines);
    }

    /// <summary>The same source as before for the same settings, so that a reload does not look everything up again.</summary>
    private SrvSource SourceFor(DnsOptions options, ValidationErrors errors)
    {
        var settings = DnsSettings.Read(options, $"{nameof(CommandOptions.Dns)}:", errors);
        SrvSource? before = _srv;
        return _srv = before?.Settings == settings ? before : SrvSource.Create(settings);
    }

    /// <summary>Reads where state is shared. That is used from the start on, so a change of it is an error.</summary>
    private void ReadShared(SharedOptions? options, ValidationErrors errors)
    {
        var shared = RedisSettings.Read(options, errors);
        if (!_isRead)
        {
            shared?.CheckFiles(errors);
        }

        errors.Require(!_isRead || shared == Shared, nameof(CommandOptions.Shared), "can't be changed while the proxy runs");
        Shared = _isRead ? Shared : shared;
        _isRead = true;
    }

    private static OptionsValidationException Failure(IEnumerable<string> lines) =>
        new(Options.DefaultName, typeof(TcpProxyOptions), lines);

    private OptionsValidationException Unreadable(string cause) => Failure([$"{Name}: {cause}"]);

    /// <summary>All of it at once: a file that is being written is not read in two halves of different versions.</summary>
    private byte[] ReadBytes()
    {
        using FileStream stream = RegularFile.OpenRead(_file.FullName);

        // It may grow meanwhile; what comes later is the next version.
        long length = stream.Length;
        if (length > MostBytes)
        {
            throw new IOException($"is larger than {MostBytes} bytes");
        }

        var content = new byte[length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return content.AsSpan(0, read).Trim(" \t\r\n"u8).IsEmpty ? throw new IOException("is empty") : content[..read];
    }
}
