using System.Diagnostics;
using System.Text;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>A large file is read in a time that grows with its size, not with the square of that.</summary>
[NonParallelizable]
internal sealed class ReadingTimeTests
{
    // Some hundredths of a second, where the square of the size took 13 s and more. The rest is for a busy machine.
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(4);

    [Test]
    public void A_thousand_routes_with_twenty_upstreams_each_are_read_in_a_moment() =>
        Assert.That(TimeOf(File(routes: 1000)), Is.LessThan(_most));

    [Test]
    public void One_object_with_all_the_keys_that_fit_into_a_file_is_read_in_a_moment()
    {
        static byte[] Keys(int count) => Encoding.UTF8.GetBytes(
            $"{{ \"ProxyCore\": {{ {string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"k{i}\": 1"))} }} }}");

        Assert.That(TimeOf(Keys(200_000)), Is.LessThan(_most));
    }

    /// <summary>The shortest of some: what disturbs a run only adds to it.</summary>
    private static TimeSpan TimeOf(byte[] content) => Enumerable.Range(0, 3).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        Read(content);
        return Stopwatch.GetElapsedTime(start);
    });

    private static void Read(byte[] content)
    {
        var errors = new ValidationErrors();
        var options = new TcpProxyOptions();
        ConfigurationReader.ReadKeys(JsonConfiguration.Read(content, errors), options, errors);
        _ = OptionsReader.TryRead(options, errors);
    }

    private static byte[] File(int routes)
    {
        IEnumerable<string> all = Enumerable.Range(0, routes).Select(static i =>
        {
            IEnumerable<string> upstreams = Enumerable.Range(0, 20).Select(j => $"{{ \"Address\": \"10.{i / 256}.{i % 256}.{j}:80\" }}");
            return $"{{ \"Name\": \"r{i}\", \"Listen\": [\"127.0.0.1:{10_000 + i}\"], \"Upstreams\": [ {string.Join(',', upstreams)} ] }}";
        });
        return Encoding.UTF8.GetBytes($"{{ \"ProxyCore\": {{ \"Routes\": [ {string.Join(',', all)} ] }} }}");
    }
}
