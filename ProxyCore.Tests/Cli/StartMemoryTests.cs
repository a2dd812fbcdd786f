using ProxyCore.Cli;

namespace ProxyCore.Tests.Cli;

/// <summary>How the memory of the start is found. That it goes back is seen in the gate, on a native build.</summary>
internal sealed class StartMemoryTests
{
    [TestCase("00404000-00c4a000 r-xp 00004000 fd:00 1234  /opt/proxy core/proxycore", 0x404000, 0xc4a000)]
    [TestCase("7fbbc20c3000-7fbbc2219000 rw-p 00000000 00:00 0 ", 0x7fbbc20c3000, 0x7fbbc2219000)]
    public void Range_is_what_a_line_of_the_maps_begins_with(string line, long begin, long end) =>
        Assert.That(StartMemory.Range(line), Is.EqualTo(((nuint)begin, (nuint)end)));

    [Test]
    public void Where_there_is_no_proc_nothing_is_given_back() =>
        Assert.That(StartMemory.ReadMaps("/no/such/maps"), Is.Empty);
}
