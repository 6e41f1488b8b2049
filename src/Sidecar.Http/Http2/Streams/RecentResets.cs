namespace Sidecar.Http.Http2.Streams;

/// <summary>
/// Which of the last 64 streams we reset or ignored ourselves: what the peer sent before it learned of that is dropped in silence
/// (RFC 9113 section 5.1, "closed"), while a frame on a stream that it ended itself is an error. Older streams get the benefit of the
/// doubt. Eight bytes. Thread: the worker.
/// </summary>
internal struct RecentResets
{
    private const uint Window = 64;

    private ulong _reset;
    private uint _highest;

    /// <summary>The highest odd id that was opened, 0 before any.</summary>
    public readonly uint HighestStreamId => _highest;

    /// <summary>A stream above all others begins.</summary>
    public void Advance(uint streamId)
    {
        uint steps = (streamId - _highest) / 2;
        if (_highest == 0)
        {
            steps++;
        }

        // Ids that were passed over are closed without ever having been open: frames on them are errors as on ended streams.
        _reset = steps >= Window ? 0 : _reset << (int)steps;
        _highest = streamId;
    }

    public void MarkReset(uint streamId)
    {
        uint age = (_highest - streamId) / 2;
        if (age < Window)
        {
            _reset |= 1UL << (int)age;
        }
    }

    /// <summary>True when frames on this closed stream are to be ignored.</summary>
    public readonly bool MayStillReceive(uint streamId)
    {
        uint age = (_highest - streamId) / 2;
        return age >= Window || ((_reset >> (int)age) & 1) != 0;
    }
}
