using ProxyCore.Relay.Transports;

namespace ProxyCore.Tests.Tls;

/// <summary>Certificates and keys that make no context.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class ServerIdentityTests(TlsEngineKind kind) : TlsFixture(kind)
{
    [TestCase(TestCertificates.KeyKind.P256)]
    [TestCase(TestCertificates.KeyKind.Rsa2048)]
    public void A_key_of_another_certificate_is_refused(TestCertificates.KeyKind other)
    {
        TlsIdentity mixed = Certificate.Identity with { Key = Certificates.Issue(other, Name).Identity.Key };

        Assert.That(Creating(mixed), Throws.InstanceOf<TlsException>().With.Message.EqualTo("the key does not belong to the certificate"));
    }

    [Test]
    public void A_key_that_is_too_small_is_refused()
    {
        TlsIdentity small = Certificates.Issue(TestCertificates.KeyKind.Rsa1024, Name).Identity;

        Assert.That(Creating(small), Throws.InstanceOf<TlsException>().With.Message.EqualTo("the key of the certificate is too small"));
    }

    [Test]
    public void A_certificate_that_is_none_is_refused()
    {
        TlsIdentity broken = Certificate.Identity with { Chain = [new byte[] { 1, 2, 3 }] };

        Assert.That(Creating(broken), Throws.InstanceOf<TlsException>().With.Message.StartsWith("the certificate can't be read"));
    }

    [Test]
    public void A_key_that_is_none_is_refused()
    {
        TlsIdentity broken = Certificate.Identity with { Key = new byte[] { 1, 2, 3 } };

        Assert.That(Creating(broken), Throws.InstanceOf<TlsException>().With.Message.StartsWith("the key can't be read"));
    }

    [Test]
    public void A_CA_that_is_none_is_refused() =>
        Assert.That(
            () => ClientContext(static parameters => parameters with { Ca = [new byte[] { 1 }] }),
            Throws.InstanceOf<TlsException>().With.Message.StartsWith("the certificate of a CA can't be read"));

    private Action Creating(TlsIdentity identity) =>
        () => ServerContext(parameters => parameters with { Identity = identity });
}
