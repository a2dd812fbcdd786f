using System.Buffers.Binary;
using System.Text;
using CsCheck;
using ProxyCore.Preread.Postgres;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Preread.Postgres;

/// <summary>With what PostgreSQL clients begin, and what they are answered.</summary>
internal sealed class PostgresStartTests
{
    private static readonly Gen<byte[]> _likeStarts = Gen.Select(
        Among(0, 1), Among(0, 1, 0x27, 0x28), Among(0, 8, 16, 0x10, 0x11),
        Among(0, 4), Among(3, 0xD2), Among(0, 2, 0x16), Gen.Byte[0x2C, 0x32])
        .Select(static (second, third, fourth, fifth, sixth, seventh, eighth) =>
            (byte[])[0, second, third, fourth, fifth, sixth, seventh, eighth]);

    [TestCase("0000000804D2162F", PostgresStartKind.SslRequest)]
    [TestCase("0000000804D21630", PostgresStartKind.GssEncRequest)]
    [TestCase("0000001004D2162E0000002A11223344", PostgresStartKind.CancelRequest)]
    [TestCase("0000010C04D2162E", PostgresStartKind.CancelRequest, Description = "version 3.2: a key of 256 bytes")]
    [TestCase("0000002300030000757365720061", PostgresStartKind.Startup)]
    [TestCase("0000002300030002757365720061", PostgresStartKind.Startup, Description = "version 3.2")]
    [TestCase("0000271000030000", PostgresStartKind.Startup)]
    public void A_first_message_is_recognized_by_its_length_and_code(string received, object kind)
    {
        byte[] bytes = Convert.FromHexString(received);
        for (int end = 0; end < PostgresStart.MostBytes; end++)
        {
            Assert.That(PostgresStart.Read(bytes.AsSpan(0, end)), Is.EqualTo(PostgresStartKind.NeedMore), $"{end}");
        }

        Assert.That(PostgresStart.Read(bytes.AsSpan(0, PostgresStart.MostBytes)), Is.EqualTo(kind));
        Assert.That(PostgresStart.Read(bytes), Is.EqualTo(kind));
    }

    [TestCase("16")]
    [TestCase("01")]
    [TestCase("0001")]
    [TestCase("000028")]
    [TestCase("00002711")]
    [TestCase("00000007")]
    [TestCase("0000000805")]
    [TestCase("0000000804D3")]
    [TestCase("0000000804D21631")]
    [TestCase("0000000804D2162E", Description = "a cancel request is longer")]
    [TestCase("0000000904", Description = "requests for encryption have 8 bytes")]
    [TestCase("0000001004D2162F")]
    [TestCase("0000010D04")]
    [TestCase("000000230002", Description = "version 2")]
    public void Other_bytes_are_refused_at_the_first_that_no_message_has(string received)
    {
        byte[] bytes = Convert.FromHexString(received);
        Assert.That(PostgresStart.Read(bytes.AsSpan()[..^1]), Is.EqualTo(PostgresStartKind.NeedMore));
        Assert.That(PostgresStart.Read(bytes), Is.EqualTo(PostgresStartKind.NotPostgres));
    }

    [Test]
    public void Each_prefix_of_any_bytes_needs_more_or_has_the_answer_of_all() =>
        Gen.OneOf(_likeStarts, Gen.Byte.Array[PostgresStart.MostBytes, 20]).Sample(
            static bytes =>
            {
                PostgresStartKind whole = PostgresStart.Read(bytes);
                return whole != PostgresStartKind.NeedMore && Enumerable.Range(0, bytes.Length).All(
                    end => PostgresStart.Read(bytes.AsSpan(0, end)) is var kind
                        && (kind == PostgresStartKind.NeedMore || kind == whole));
            },
            iter: 20000);

    [Test]
    public void The_request_for_TLS_is_recognized_as_what_it_is() =>
        Assert.That(PostgresStart.Read(PostgresStart.SslRequest), Is.EqualTo(PostgresStartKind.SslRequest));

    [Test]
    public void An_error_is_a_message_with_severity_code_and_text()
    {
        byte[] response = PostgresStart.ErrorResponse("08004", "no route for é");
        Assert.That(response[0], Is.EqualTo((byte)'E'));
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(response.AsSpan(1)), Is.EqualTo(response.Length - 1));
        Assert.That(
            Encoding.UTF8.GetString(response.AsSpan(5)), Is.EqualTo("SFATAL\0VFATAL\0C08004\0Mno route for é\0\0"));
    }

    [TestCase("0800", "a")]
    [TestCase("0800\0", "a")]
    [TestCase("08004", "a\0b")]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void An_error_that_would_be_malformed_is_not_made(string sqlState, string message) =>
        Assert.That(() => PostgresStart.ErrorResponse(sqlState, message), Throws.ArgumentException);

    private static Gen<byte> Among(params byte[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
