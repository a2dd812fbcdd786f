using System.Text;
using ProxyCore;

namespace WithTUnit;

/// <summary>
/// Ends a connection as soon as a text has passed: at a COMMIT, say, so that nobody knows whether it was carried out.
/// </summary>
internal sealed class CloseAtText(string text) : IToxicStage
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);
    private int _matched;

    public void OnBytes(ReadOnlySpan<byte> bytes, ToxicOutput output)
    {
        // A read may begin and end anywhere: what matched of the text is kept for the next one.
        foreach (byte one in bytes)
        {
            _matched = one == _text[_matched] ? _matched + 1 : one == _text[0] ? 1 : 0;
            if (_matched == _text.Length)
            {
                output.Close(ToxicEnd.Reset);
                return;
            }
        }

        output.Write(bytes);
    }
}
