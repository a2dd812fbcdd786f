using System.Diagnostics;
using System.Text;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Configuration;

/// <summary>A file with many routes is read in a time that grows with its size.</summary>
[NonParallelizable]
internal sealed class ReadingTimeTests
{
    private const int Few = 125;
    private const int Many = 8 * Few;

    // Eight times the file; the square of that would be 64 times the time. The rest is for a busy machine.
    private const double MostGrowth = 24;

    [Test]
    public void Time_grows_with_the_number_of_routes_and_not_with_its_square()
    {
        byte[] few = File(Few);
        byte[] many = File(Many);
        Read(few);

        double growth = TimeOf(many) / TimeOf(few);

        Assert.That(growth, Is.LessThan(MostGrowth));
    }

    [Test]
    public void One_object_with_all_the_keys_that_fit_into_a_file_is_read_in_a_moment()
    {
        static byte[] Keys(int count) => Encoding.UTF8.GetBytes(
            $"{{ \"ProxyCore\": {{ {string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"k{i}\": 1"))} }} }}");

        Read(Keys(100));

        Assert.That(TimeOf(Keys(40_000)) / TimeOf(Keys(5_000)), Is.LessThan(MostGrowth));
    }

    /// <summary>The shortest of some, in milliseconds: what disturbs a run only adds to it.</summary>
    private static double TimeOf(byte[] content) => Enumerable.Range(0, 5).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        Read(content);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    });

    private static void Read(byte[] content)
    {
        var errors = new ValidationErrors();
        var options = new TcpProxyOptions();
        ConfigurationReader.ReadKeys(JsonConfiguration.Read(content, errors), options, errors);
        OptionsReader.Check(options, errors);
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
