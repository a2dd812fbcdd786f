using System.Net;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Access;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DenyTableTests
{
    private readonly DenyTable _table = new();

    [Test]
    public void Overlapping_ranges_end_one_by_one()
    {
        _table.TrySet(Range("10.0.0.0/8"), Until(1), limit: 9);
        _table.TrySet(Range("10.1.0.0/16"), Until(2), limit: 9);

        Assert.That(_table.NextEnd, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(_table.TakeEnded(TimeSpan.FromSeconds(1)), Is.EqualTo([Range("10.0.0.0/8")]));
        Assert.That(_table.ToSet()!.Contains(IPAddress.Parse("10.1.2.3")), Is.True);
        Assert.That(_table.ToSet()!.Contains(IPAddress.Parse("10.2.2.3")), Is.False);
        Assert.That(_table.TakeEnded(TimeSpan.FromSeconds(2)), Has.Count.EqualTo(1));
        Assert.That(_table.ToSet(), Is.Null);
        Assert.That(_table.NextEnd, Is.Null);
    }

    [Test]
    public void Mapped_range_is_the_one_of_IPv4()
    {
        _table.TrySet(Range("::ffff:10.0.0.0/104"), Until(1), limit: 9);
        _table.TrySet(Range("10.0.0.0/8"), Until(5), limit: 9);

        Assert.That(_table.All.Single().Value.Until, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Full_table_takes_no_more_but_changes_what_it_has()
    {
        Assert.That(_table.TrySet(Range("10.0.0.1"), Until(1), limit: 1), Is.True);

        Assert.That(_table.TrySet(Range("10.0.0.2"), Until(1), limit: 1), Is.False);
        Assert.That(_table.TrySet(Range("10.0.0.1"), Until(7), limit: 1), Is.True);
        Assert.That(_table.All.Single().Value.Until, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    private static AddressRange Range(string text) =>
        AddressRange.TryParse(text, out AddressRange range, out string? cause) ? range : throw new AssertionException(cause);

    private static Denial Until(int seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch);
}
