using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2.FlowControl;

/// <summary>
/// Streams that have data and window of their own but wait for the connection's: first come, first served, a frame a turn. Thread: the
/// worker.
/// </summary>
internal struct StreamQueue
{
    private Http2Stream? _head;
    private Http2Stream? _tail;

    public void Push(Http2Stream stream)
    {
        stream.Outbound.IsQueued = true;
        stream.NextReady = null;
        stream.PreviousReady = _tail;
        if (_tail is null)
        {
            _head = stream;
        }
        else
        {
            _tail.NextReady = stream;
        }

        _tail = stream;
    }

    public Http2Stream? Pop()
    {
        Http2Stream? stream = _head;
        if (stream is not null)
        {
            Remove(stream);
        }

        return stream;
    }

    public void Remove(Http2Stream stream)
    {
        stream.Outbound.IsQueued = false;
        if (stream.PreviousReady is null)
        {
            _head = stream.NextReady;
        }
        else
        {
            stream.PreviousReady.NextReady = stream.NextReady;
        }

        if (stream.NextReady is null)
        {
            _tail = stream.PreviousReady;
        }
        else
        {
            stream.NextReady.PreviousReady = stream.PreviousReady;
        }

        stream.NextReady = null;
        stream.PreviousReady = null;
    }
}
