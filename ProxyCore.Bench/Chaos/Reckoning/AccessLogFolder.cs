using System.Text.Json;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>The access log with what was rotated away: each line is read once, and what is read is deleted.</summary>
internal sealed class AccessLogFolder
{
    private readonly string _folder;
    private readonly Ledger _ledger;
    private int _rotations;
    private string? _rotated;

    internal AccessLogFolder(string folder, Ledger ledger)
    {
        _folder = folder;
        _ledger = ledger;
        Directory.CreateDirectory(folder);
        Current = Path.Combine(folder, "access.log");
    }

    /// <summary>The file that the proxy writes to.</summary>
    internal string Current { get; }

    /// <summary>How many lines could not be understood.</summary>
    internal long Broken { get; private set; }

    /// <summary>
    /// Reads the file that was rotated away the last time, and renames the current one. In between the proxy may go on
    /// writing to the file that it has open.
    /// </summary>
    internal void Rotate()
    {
        ReadRotated();
        if (File.Exists(Current))
        {
            _rotated = Path.Combine(_folder, $"access.log.{++_rotations}");
            File.Move(Current, _rotated);
        }
    }

    /// <summary>Reads all that there is. The proxy must have written everything.</summary>
    internal void ReadAll()
    {
        Rotate();
        ReadRotated();
    }

    private void ReadRotated()
    {
        if (_rotated is null)
        {
            return;
        }

        foreach (string line in File.ReadLines(_rotated))
        {
            try
            {
                _ledger.Add(AccessLogLine.Parse(line));
            }
            catch (JsonException)
            {
                Broken++;
            }
        }

        File.Delete(_rotated);
        _rotated = null;
    }
}
