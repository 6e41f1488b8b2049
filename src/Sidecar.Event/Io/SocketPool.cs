using System;

namespace Sidecar.Event.Io;

/// <summary>Closed socket objects for the next connections; a burst beyond the limit goes to the collector. Thread: its dispatcher's.</summary>
internal sealed class SocketPool
{
    private const int MaxSockets = 4096;

    private readonly Dispatcher _dispatcher;
    private StreamSocket?[] _sockets = new StreamSocket?[64];
    private int _count;

    public SocketPool(Dispatcher dispatcher) => _dispatcher = dispatcher;

    public StreamSocket Take()
    {
        if (_count == 0)
        {
            return new StreamSocket(_dispatcher);
        }

        StreamSocket socket = _sockets[--_count]!;
        _sockets[_count] = null;
        return socket;
    }

    public void Return(StreamSocket socket)
    {
        if (_count == MaxSockets)
        {
            return;
        }

        if (_count == _sockets.Length)
        {
            Array.Resize(ref _sockets, _count * 2);
        }

        _sockets[_count++] = socket;
    }
}
