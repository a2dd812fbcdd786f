using ProxyCore.Preread.ProxyProtocol;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>However TCP cuts a header, the answer is the same.</summary>
internal sealed class CuttingTests
{
    // Pairs of cuts grow with the square: within this many bytes each header has its interesting places.
    private const int PairsWithin = 260;

    private static IEnumerable<Sample> All => Samples.All;

    [TestCaseSource(nameof(All))]
    public void One_byte_at_a_time_gives_the_answer_of_one_piece(Sample sample)
    {
        byte[] received = Followed(sample);
        int[] ends = [.. Enumerable.Range(0, received.Length)];
        Assert.That(InPieces(received, ends), Is.EqualTo(Answer.To(received)));
    }

    [TestCaseSource(nameof(All))]
    public void Each_prefix_needs_more_or_gives_the_answer_of_one_piece(Sample sample)
    {
        byte[] received = Followed(sample);
        Answer whole = Answer.To(received);
        for (int end = 0; end <= received.Length; end++)
        {
            Answer answer = Answer.To(received.AsSpan(0, end));
            if (answer.Status != ProxyHeaderStatus.NeedMore)
            {
                Assert.That(answer, Is.EqualTo(whole), $"the first {end} bytes");
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void Three_pieces_give_the_answer_of_one(Sample sample)
    {
        byte[] received = Followed(sample);
        Answer whole = Answer.To(received);
        int most = Math.Min(received.Length, PairsWithin);
        for (int first = 0; first < most; first++)
        {
            for (int second = first; second < most; second++)
            {
                Answer answer = InPieces(received, first, second);
                if (answer != whole)
                {
                    Assert.Fail($"cut at {first} and {second}: {answer}");
                }
            }
        }
    }

    [TestCaseSource(nameof(All))]
    public void As_many_bytes_as_the_limit_never_need_more(Sample sample)
    {
        byte[] received = Followed(sample);
        for (int limit = 1; limit <= Math.Min(received.Length, PairsWithin); limit++)
        {
            Assert.That(Answer.To(received.AsSpan(0, limit), limit: limit).Status, Is.Not.EqualTo(ProxyHeaderStatus.NeedMore));
            Answer inPieces = Answer.InPieces(received, limit, [.. Enumerable.Range(0, limit + 1)]);
            Assert.That(inPieces, Is.EqualTo(Answer.To(received, limit: limit)));
        }
    }

    private static Answer InPieces(byte[] received, params ReadOnlySpan<int> ends) =>
        Answer.InPieces(received, ProxyHeaderReader.DefaultLimit, ends);

    private static byte[] Followed(Sample sample) => [.. sample.Bytes, .. Text("\r\nPROXY")];
}
