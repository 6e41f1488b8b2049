namespace Sidecar.Http.Http2.FlowControl;

/// <summary>
/// How much the peer may still send, on a stream or on the connection (RFC 9113 section 6.9). Room that was used and given back is
/// announced when it amounts to half of the window, so small messages cost no WINDOW_UPDATE. Thread: the worker.
/// </summary>
internal struct ReceiveWindow
{
    private int _size;
    private int _available;
    private int _released;

    public ReceiveWindow(int bytes)
    {
        _size = bytes;
        _available = bytes;
        _released = 0;
    }

    /// <summary>What the peer believes it may send.</summary>
    public readonly int AvailableBytes => _available;

    /// <summary>Bytes arrive; false when they exceed the window.</summary>
    public bool TryTake(int bytes)
    {
        if (bytes > _available)
        {
            return false;
        }

        _available -= bytes;
        return true;
    }

    /// <summary>Bytes were consumed. Returns the increment to announce now, or 0.</summary>
    public int Release(int bytes)
    {
        _released += bytes;
        if (_released < _size / 2 || _released == 0)
        {
            return 0;
        }

        int increment = _released;
        _released = 0;
        _available += increment;
        return increment;
    }
}
