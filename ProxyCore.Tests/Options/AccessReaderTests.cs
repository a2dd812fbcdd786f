using System.Net;
using ProxyCore.Settings;
using ProxyCore.Tests.Configuration;

namespace ProxyCore.Tests.Options;

/// <summary>The lists of access are checked entry by entry, whether they come from code or from a file.</summary>
internal sealed class AccessReaderTests
{
    [Test]
    public void Entries_become_ranges_and_files_whole_paths()
    {
        ProxySettings settings = OptionsReader.Read(With(new AccessOptions
        {
            Allow = { "10.0.0.0/8", "::ffff:10.0.0.0/104" },
            Deny = { "2001:db8::1" },
            AllowFiles = { "allow.txt" },
            DenyFiles = { "/etc/deny.txt" },
            EndDenied = true,
        })).Settings;

        AccessSettings access = settings.Access!;
        Assert.That(access.Allow.Select(static range => range.ToString()), Is.EqualTo(["10.0.0.0/8", "10.0.0.0/8"]));
        Assert.That(access.Deny.Single().Contains(IPAddress.Parse("2001:db8::1")), Is.True);
        Assert.That(access.AllowFiles, Is.EqualTo([Path.GetFullPath("allow.txt")]));
        Assert.That(access.DenyFiles, Is.EqualTo(["/etc/deny.txt"]));
        Assert.That(access.EndDenied, Is.True);
        Assert.That(settings.Routes[0].Access, Is.Null);
    }

    [Test]
    public void Each_mistake_is_told_with_its_place()
    {
        TcpProxyOptions options = With(new AccessOptions { Deny = { "10.0.0.1", "10.0.0.1/8", null! }, AllowFiles = { "a", "", "\0", null! } });
        options.Routes[0].Access = new AccessOptions { Allow = { "localhost" } };

        Assert.That(
            () => OptionsReader.Read(options),
            Throws.ArgumentException.With.Message.EqualTo(string.Join(
                Environment.NewLine,
                "Routes:0:Access:Allow:0: 'localhost' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8",
                "Access:Deny:1: '10.0.0.1/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone",
                "Access:Deny:2: must not be null",
                "Access:AllowFiles:1: must be the path of a file",
                "Access:AllowFiles:2: must be the path of a file",
                "Access:AllowFiles:3: must be the path of a file")));
    }

    [Test]
    public void A_mistake_behind_an_entry_that_is_no_text_keeps_its_place() => Assert.That(
        FileText.ErrorsIn("""
            { "ProxyCore": { "Access": { "Deny": [5, "10.0.0.1", "x"] },
                "Routes": [ { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ] } ] } }
            """),
        Is.EqualTo(
        [
            "Access:Deny:0: must be a text: write \"5\"",
            "Access:Deny:2: 'x' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8",
        ]));

    [Test]
    public void Lists_are_read_from_a_file()
    {
        TcpProxyOptions options = FileText.OptionsOf("""
            { "ProxyCore": { "Access": { "Deny": ["10.0.0.1", "::1"], "DenyFiles": ["d"] }, "Routes": [
                { "Listen": ["8080"], "Upstreams": [ { "Address": "3000" } ],
                  "Access": { "Allow": ["10.0.0.0/8"], "AllowFiles": ["a"], "EndDenied": true } } ] } }
            """);

        Assert.That((options.Access!.Deny, options.Access.DenyFiles, options.Access.EndDenied), Is.EqualTo(((string[])["10.0.0.1", "::1"], (string[])["d"], false)));
        AccessOptions ofRoute = options.Routes[0].Access!;
        Assert.That((ofRoute.Allow, ofRoute.AllowFiles, ofRoute.EndDenied), Is.EqualTo(((string[])["10.0.0.0/8"], (string[])["a"], true)));
    }

    private static TcpProxyOptions With(AccessOptions access) => new()
    {
        Access = access,
        Routes = { new RouteOptions { Listen = { "8080" }, Upstreams = { new UpstreamOptions { Address = "3000" } } } },
    };
}
