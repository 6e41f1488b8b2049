using System;
using System.Runtime.CompilerServices;

namespace Sidecar.Http.Http2.Streams;

/// <summary>
/// The open streams of one connection by id, and in the order of their opening. Ids ascend by two, so <c>id / 2</c> modulo a power of
/// two finds a stream at its own place almost always; open addressing does the rest. Thread: the worker.
/// </summary>
internal sealed class StreamTable
{
    private const int InitialSlots = 8;
    private const int KeepSlots = 128;

    private Http2Stream?[] _slots = [];
    private Http2Stream? _last;

    public int Count { get; private set; }

    /// <summary>
    /// The oldest stream; follow <see cref="Http2Stream.NextActive"/>. A walk survives removals by its own body: a removed stream keeps
    /// its link until it is recycled.
    /// </summary>
    public Http2Stream? First { get; private set; }

    public Http2Stream? Find(uint streamId)
    {
        Http2Stream?[] slots = _slots;
        if (slots.Length == 0)
        {
            return null;
        }

        for (int slot = Home(streamId, slots.Length); ; slot = (slot + 1) & (slots.Length - 1))
        {
            Http2Stream? stream = slots[slot];
            if (stream is null || stream.Id == streamId)
            {
                return stream;
            }
        }
    }

    public void Add(Http2Stream stream)
    {
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }

        Place(stream);
        Count++;
        stream.PreviousActive = _last;
        stream.NextActive = null;
        if (_last is null)
        {
            First = stream;
        }
        else
        {
            _last.NextActive = stream;
        }

        _last = stream;
    }

    public void Remove(Http2Stream stream)
    {
        RemoveFromSlots(stream);
        Count--;
        if (stream.PreviousActive is null)
        {
            First = stream.NextActive;
        }
        else
        {
            stream.PreviousActive.NextActive = stream.NextActive;
        }

        if (stream.NextActive is null)
        {
            _last = stream.PreviousActive;
        }
        else
        {
            stream.NextActive.PreviousActive = stream.PreviousActive;
        }

        if (Count == 0 && _slots.Length > KeepSlots)
        {
            _slots = [];
        }
    }

    private static int Home(uint streamId, int length) => (int)(streamId >> 1) & (length - 1);

    private void Place(Http2Stream stream)
    {
        int slot = Home(stream.Id, _slots.Length);
        while (_slots[slot] is not null)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = stream;
    }

    /// <summary>Closes the gap by moving up those behind it that probing would no longer reach.</summary>
    private void RemoveFromSlots(Http2Stream stream)
    {
        int mask = _slots.Length - 1;
        int gap = Home(stream.Id, _slots.Length);
        while (!ReferenceEquals(_slots[gap], stream))
        {
            gap = (gap + 1) & mask;
        }

        _slots[gap] = null;
        for (int slot = (gap + 1) & mask; _slots[slot] is { } other; slot = (slot + 1) & mask)
        {
            int home = Home(other.Id, _slots.Length);
            if (((slot - home) & mask) >= ((slot - gap) & mask))
            {
                _slots[gap] = other;
                _slots[slot] = null;
                gap = slot;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        _slots = new Http2Stream?[Math.Max(InitialSlots, _slots.Length * 2)];
        for (Http2Stream? stream = First; stream is not null; stream = stream.NextActive)
        {
            Place(stream);
        }
    }
}
