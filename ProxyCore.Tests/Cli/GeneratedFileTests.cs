using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Tests.Configuration;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli;

/// <summary>
/// What <c>check</c> says of a file is what the start and a reload say of it. Good files and wrong ones are made from seeds.
/// </summary>
internal sealed class GeneratedFileTests
{
    private TemporaryFolder _folder = null!;
    private string _file = null!;

    [SetUp]
    public void CreateFolder()
    {
        _folder = new TemporaryFolder();
        _file = Path.Combine(_folder.FullName, "proxycore.json");
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task A_file_that_check_accepts_starts_and_is_applied([Range(1, 25)] int seed)
    {
        File.WriteAllText(_file, new GeneratedConfiguration(seed, _folder.FullName).Good().ToJsonString());
        Assert.That(new ConfigurationFile(new FileInfo(_file), []).ErrorsIn(new TcpProxyOptions()), Is.Empty);
        await using var running = await RunningFile.Start(_file);

        Assert.That(await running.Reload(), Has.Some.StartsWith("Configuration applied"));
    }

    [Test]
    public async Task A_file_that_check_refuses_is_refused_by_the_start_and_a_reload_with_the_same_words([Range(1, 10)] int seed)
    {
        File.WriteAllText(_file, """{ "ProxyCore": { "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "127.0.0.1:9" } ] } ] } }""");
        await using var running = await RunningFile.Start(_file);
        for (int i = 0; i < 20; i++)
        {
            File.WriteAllText(_file, new GeneratedConfiguration((seed * 100) + i, _folder.FullName).Mutated().ToJsonString());
            IReadOnlyList<string> errors = new ConfigurationFile(new FileInfo(_file), []).ErrorsIn(new TcpProxyOptions());
            if (errors.Count == 0)
            {
                continue;
            }

            OptionsValidationException? atTheStart = Assert.ThrowsAsync<OptionsValidationException>(() => RunningFile.Start(_file));
            Assert.That(atTheStart!.Failures, Is.EqualTo(errors));
            Assert.That(await running.Reload(), Is.EqualTo(errors.Select(static error => $"Nothing is changed: {error}")));
        }
    }

    [Test]
    public void Whatever_bytes_a_file_has_it_is_read_or_refused([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        byte[][] pieces = [.. ((string[])["\"", "\\ud800", "{", "}", "[", ",", ":", "null", "\\", "//", "\"Loops\": 1,", "\u00e9", "1e9"]).Select(Encoding.UTF8.GetBytes), [0xFF], [0]];
        for (int i = 0; i < 200; i++)
        {
            List<byte> content = [.. Encoding.UTF8.GetBytes(new GeneratedConfiguration((seed * 1000) + i).Good().ToJsonString())];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(content.Count);
                content.RemoveRange(at, Math.Min(random.Next(3), content.Count - at));
                content.InsertRange(at, pieces[random.Next(pieces.Length)]);
            }

            File.WriteAllBytes(_file, [.. content]);
            IReadOnlyList<string> errors = [];

            Assert.That(() => errors = new ConfigurationFile(new FileInfo(_file), []).ErrorsIn(new TcpProxyOptions()), Throws.Nothing, $"{seed}, {i}");
            Assert.That(errors, Is.All.StartsWith($"{_file}: "));
        }
    }

    /// <summary>A proxy that runs by a file, as the command does.</summary>
    private sealed class RunningFile : IOptionsChangeTokenSource<TcpProxyOptions>, IAsyncDisposable
    {
        private readonly RecordedLog _log = new(LogLevel.Information);
        private readonly ServiceProvider _services;
        private CancellationTokenSource _change = new();

        private RunningFile(string file)
        {
            _services = new ServiceCollection()
                .AddSingleton<ILoggerFactory>(_log)
                .AddProxyCore(new ConfigurationFile(new FileInfo(file), []).Read)
                .AddSingleton<IOptionsChangeTokenSource<TcpProxyOptions>>(this)
                .BuildServiceProvider();
        }

        public string Name => Microsoft.Extensions.Options.Options.DefaultName;

        private ProxyService Service => _services.GetRequiredService<ProxyService>();

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_change.Token);

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            _change.Dispose();
        }

        internal static async Task<RunningFile> Start(string file)
        {
            var running = new RunningFile(file);
            try
            {
                await running.Service.StartAsync(CancellationToken.None);
                return running;
            }
            catch
            {
                await running.DisposeAsync();
                throw;
            }
        }

        /// <summary>What the log says of a reload.</summary>
        internal async Task<string[]> Reload()
        {
            int before = Said().Count();
            using CancellationTokenSource change = Interlocked.Exchange(ref _change, new CancellationTokenSource());
            await change.CancelAsync();
            await Service.Applied;
            return [.. Said().Skip(before)];
        }

        private IEnumerable<string> Said() =>
            _log.Entries.Where(static entry => entry.Name is "Applied" or "NotApplied").Select(static entry => entry.Text);
    }
}
