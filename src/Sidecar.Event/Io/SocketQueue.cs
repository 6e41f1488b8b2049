using System;

namespace Sidecar.Event.Io;

/// <summary>
/// Sockets that wait for their turn: a flush, a receive, an error to report. Entries name the incarnation, so a socket that was
/// closed (and perhaps reused) meanwhile is passed over without unlinking. Thread: the dispatcher's.
/// </summary>
internal sealed class SocketQueue
{
    private Entry[] _entries = new Entry[64];
    private Entry[] _spare = new Entry[64];
    private int _count;
    private int _takenCount;

    public bool IsEmpty => _count == 0;

    public void Add(StreamSocket socket)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count++] = new Entry(socket, socket.Incarnation);
    }

    /// <summary>Sets what is queued aside for <see cref="TryNext"/>; what is added from here on waits for the next turn.</summary>
    public void BeginTurn()
    {
        (_entries, _spare) = (_spare, _entries);
        _takenCount = _count;
        _count = 0;
    }

    /// <summary>The next live socket of this turn.</summary>
    public bool TryNext(ref int cursor, out StreamSocket socket)
    {
        while (cursor < _takenCount)
        {
            ref Entry entry = ref _spare[cursor++];
            socket = entry.Socket;
            bool isLive = socket.Incarnation == entry.Incarnation;
            entry = default;
            if (isLive)
            {
                return true;
            }
        }

        socket = null!;
        return false;
    }

    private readonly record struct Entry(StreamSocket Socket, int Incarnation);
}
