using System.Security.Cryptography.X509Certificates;
using ProxyCore.Certificates;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Certificates.TestCertificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>The certificate for a name: exactly this one, before a wildcard, before the first.</summary>
internal sealed class CertificateSetTests : CertificateFixture
{
    private readonly List<LoadedCertificate> _loaded = [];

    [TearDown]
    public void DisposeAll()
    {
        _loaded.ForEach(static one => one.Dispose());
        _loaded.Clear();
    }

    [TestCase("a.example", 1)]
    [TestCase("x.a.example", 2)]
    [TestCase("exact.a.example", 3)]
    [TestCase("y.x.a.example", 0, TestName = "A_wildcard_stands_for_one_label")]
    [TestCase("b.example", 1, TestName = "Of_two_certificates_with_a_name_the_first_counts")]
    [TestCase("unknown.example", 0)]
    [TestCase("example", 0)]
    [TestCase("", 0)]
    [TestCase(null, 0)]
    [TestCase("default.example", 0)]
    public void A_name_finds_its_certificate(string? name, int expected)
    {
        CertificateSet set = Set(["default.example"], ["a.example", "b.example"], ["*.a.example", "b.example"], ["exact.a.example", "*.a.example"]);

        Assert.That(set.Find(name), Is.EqualTo(expected));
        Assert.That(set.HasName(name), Is.EqualTo(expected > 0 || name == "default.example"));
    }

    [Test]
    public void A_wildcard_does_not_stand_for_nothing()
    {
        CertificateSet set = Set(["*.a.example"]);

        Assert.That((set.HasName("a.example"), set.HasName(".a.example"), set.HasName("x.a.example")), Is.EqualTo((false, false, true)));
    }

    [Test]
    public void Names_are_in_normal_form_and_those_that_nobody_can_ask_for_are_left_out() =>
        Assert.That(Load(Make("A.Example", "*.B.EXAMPLE", "xn--mnchen-3ya.example", "f*.example", "a.*.example", "a.example", "192.0.2.1")).Names, Is.EqualTo(["a.example", "*.b.example", "xn--mnchen-3ya.example"]));

    [Test]
    public void The_common_name_counts_only_without_alternative_names()
    {
        DateTimeOffset from = DateTimeOffset.UnixEpoch;

        Assert.That(Load(Make("O=x, CN=Common.example", [], [], from, from.AddYears(1))).Names, Is.EqualTo(["common.example"]));
        Assert.That(Load(Make("CN=common.example", ["a.example"], [], from, from.AddYears(1))).Names, Is.EqualTo(["a.example"]));
        Assert.That(Load(Make("CN=common.example", [], ["192.0.2.1"], from, from.AddYears(1))).Names, Is.Empty);
        Assert.That(Load(Make("CN=My Company", [], [], from, from.AddYears(1))).Names, Is.Empty);
    }

    [Test]
    public void A_choice_allocates_nothing()
    {
        CertificateSet set = Set(["a.example"], ["*.b.example"]);
        string[] names = ["a.example", "x.b.example", "y.x.b.example", "unknown"];
        int found = 0;
        FindAll();

        Allocations.AssertNone(FindAll);

        Assert.That(found, Is.EqualTo(250 + 500));

        void FindAll()
        {
            found = 0;
            for (int i = 0; i < 1000; i++)
            {
                found += set.Find(names[i % 4]) + (set.HasName(names[i % 4]) ? 1 : 0);
            }
        }
    }

    private CertificateSet Set(params string[][] names) => new([.. names.Select(one => Load(Make(one)))]);

    private LoadedCertificate Load(X509Certificate2 certificate)
    {
        using (certificate)
        {
            Write("c", certificate.ExportCertificatePem(), KeyOf(certificate));
        }

        LoadedCertificate loaded = CertificateLoader.Load(Pair("c"));
        _loaded.Add(loaded);
        return loaded;
    }
}
