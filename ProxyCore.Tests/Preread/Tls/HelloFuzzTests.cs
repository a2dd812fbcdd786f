using CsCheck;
using ProxyCore.Preread.Tls;
using static ProxyCore.Tests.Preread.Tls.HelloBytes;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>Whatever bytes come and however they are cut: one answer, no exception, and an end of waiting.</summary>
internal sealed class HelloFuzzTests
{
    private const int Limit = ClientHelloScan.LeastLimit;

    private static readonly byte[] _message = Message(Body(
    [
        .. Extension(GreaseType), .. ServerName("a.example"), .. Alpn("h2", "http/1.1"),
        .. Extension(EncryptedHelloType, 0, 1), .. Extension(PreSharedKeyType, 1, 2),
    ]));

    private static readonly Gen<byte[]> _mutated = Gen.Select(
        Gen.Int[1, _message.Length], Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[0, 4], Gen.Int[0, 40]).Select(
        static (size, changes, dropped) => Change(Records(_message, size), changes)[..^dropped]);

    private static readonly Gen<byte[]> _likeRecords = Gen.Byte.Array[1, 60].Select(static bytes => Record([1, 0, 0, .. bytes]));

    private static readonly Gen<byte[]> _any = Gen.OneOf(_mutated, _likeRecords, Gen.Byte.Array[0, 300]);

    [Test]
    public void Any_bytes_have_one_answer_however_they_are_cut() => Gen.Select(_any, Gen.Int[0, 500].Array[0, 5]).Sample(
        static (bytes, cuts) =>
        {
            int[] ends = [.. cuts.Where(end => end <= bytes.Length).Order()];
            Answer whole = Answer.To(bytes, Limit);
            return Answer.InPieces(bytes, ends, Limit) == whole && Answer.ByteByByte(bytes, Limit) == whole;
        },
        iter: 20000);

    [Test]
    public void As_many_bytes_as_are_worth_receiving_never_need_more()
    {
        int most = new ClientHelloScan(Limit).MostBytes;
        _any.Sample(
            bytes =>
            {
                byte[] followed = bytes;
                while (followed.Length < most)
                {
                    followed = [.. followed, .. Record([.. bytes, 0])];
                }

                return Answer.To(followed.AsSpan(0, most), Limit).Status != ClientHelloStatus.NeedMore;
            },
            iter: 5000);
    }

    [Test]
    public void Any_name_is_refused_or_brought_into_a_form_that_stays() => Gen.Byte[32, 130].Array[0, 80].Sample(
        static name => !ProxyCore.Settings.ServerName.TryNormalize(name, out string? normal)
            || normal is null
            || (ProxyCore.Settings.ServerName.TryReadPattern(normal, out string? pattern, out _) && pattern == normal),
        iter: 20000);

    private static byte[] Change(byte[] bytes, (int Place, byte Value)[] changes)
    {
        foreach ((int place, byte value) in changes)
        {
            bytes[place % bytes.Length] = value;
        }

        return bytes;
    }
}
