using ProxyCore.Preread.Tls;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Preread.Tls.HelloBytes;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>However TCP and TLS records cut a ClientHello, the answer is the same.</summary>
internal sealed class HelloCuttingTests
{
    private static readonly byte[] _small = Hello(ServerName("a.example"), Alpn("h2"));

    private static IEnumerable<byte[]> Hellos =>
    [
        _small,
        Hello(Extension(PaddingType, new byte[1800]), ServerName("late.example"), Extension(PreSharedKeyType, 1)),
        Hello(ServerName("a.example"), ServerName("b.example")),
        Records(Message(Body(null))),
    ];

    [TestCaseSource(nameof(Hellos))]
    public void Each_prefix_needs_more_until_the_last_byte(byte[] hello)
    {
        for (int end = 0; end < hello.Length; end++)
        {
            Assert.That(Answer.To(hello.AsSpan(0, end)), Is.EqualTo(new Answer(ClientHelloStatus.NeedMore)), $"{end}");
        }

        Assert.That(Answer.ByteByByte([.. hello, 99]), Is.EqualTo(Answer.To(hello)));
    }

    [Test]
    public void Each_two_cuts_give_the_answer_of_one_piece()
    {
        byte[] hello = Records(MessageOf(_small), 3);
        Answer whole = Answer.To(_small);
        for (int first = 0; first < hello.Length; first++)
        {
            for (int second = first; second < hello.Length; second++)
            {
                if (Answer.InPieces(hello, [first, second]) != whole)
                {
                    Assert.Fail($"cut at {first} and {second}");
                }
            }
        }
    }

    [Test]
    public void Records_of_each_size_give_the_answer_of_one_record()
    {
        foreach (byte[] hello in Hellos)
        {
            for (int size = 1; size <= 50; size++)
            {
                byte[] cut = Records(MessageOf(hello), size);
                Answer expected = cut.Length <= new ClientHelloScan(ClientHelloScan.DefaultLimit).MostBytes
                    ? Answer.To(hello)
                    : Answer.Invalid(ClientHelloError.TooLong);
                Assert.That(Answer.To(cut), Is.EqualTo(expected), $"records of {size}");
                Assert.That(Answer.ByteByByte(cut), Is.EqualTo(expected), $"records of {size}");
            }
        }
    }

    [TestCase(ClientHelloScan.LeastLimit)]
    [TestCase(ClientHelloScan.DefaultLimit)]
    [TestCase(ClientHelloScan.LargestLimit)]
    public void A_message_as_long_as_the_limit_is_read_and_a_longer_one_refused_by_its_length(int limit)
    {
        byte[] message = Message(Body(ServerName("a.example")));
        int padding = limit - message.Length - 4;
        byte[] fits = Message(Body([.. ServerName("a.example"), .. Extension(PaddingType, new byte[Math.Min(padding, 0xFF00)])]));
        Assert.That(Answer.To(Records(fits), limit).Name, Is.EqualTo("a.example"));

        byte[] longer = [1, (byte)((limit - 3) >> 16), (byte)((limit - 3) >> 8), (byte)(limit - 3)];
        Assert.That(Answer.To(Record(longer), limit), Is.EqualTo(Answer.Invalid(ClientHelloError.TooLong)));
    }

    [Test]
    public void A_hello_in_too_many_records_is_refused_at_the_last_byte_worth_receiving()
    {
        int most = new ClientHelloScan(ClientHelloScan.LeastLimit).MostBytes;
        byte[] cut = Records(Message(Body(Extension(PaddingType, new byte[2000]))), 1);
        Assert.That(cut, Has.Length.GreaterThan(most));
        Assert.That(Answer.To(cut.AsSpan(0, most - 1), ClientHelloScan.LeastLimit).Status, Is.EqualTo(ClientHelloStatus.NeedMore));
        Assert.That(
            Answer.To(cut.AsSpan(0, most), ClientHelloScan.LeastLimit), Is.EqualTo(Answer.Invalid(ClientHelloError.TooLong)));
        Assert.That(Answer.To(cut, ClientHelloScan.LeastLimit), Is.EqualTo(Answer.Invalid(ClientHelloError.TooLong)));
    }

    [Test]
    public void Waiting_for_more_allocates_nothing()
    {
        byte[] hello = Records(MessageOf(_small), 2);
        ClientHelloScan scan = default;
        ReadAllButLast();

        Allocations.AssertNone(ReadAllButLast);

        Assert.That(scan.Read(hello), Is.EqualTo(ClientHelloStatus.Complete));

        void ReadAllButLast()
        {
            scan = new ClientHelloScan(ClientHelloScan.DefaultLimit);
            for (int end = 1; end < hello.Length; end++)
            {
                scan.Read(hello.AsSpan(0, end));
            }
        }
    }
}
