using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sidecar.Core.Buffers;

/// <summary>
/// A queue of slices of counted slabs: append at the tail, drain at the head, move between chains by reference. The object lives as
/// long as its owner (a connection, a stream) and is reused; empty, it holds no slab. Thread: its worker.
/// </summary>
/// <remarks>
/// <code>
///   head                                   tail
///   [ slab A: ....####### ][ slab B: ### ][ slab C: ####........ ]
///              ^ bytes drained so far             ^ Reserve()/Commit() write here when C is ours alone
/// </code>
/// </remarks>
public sealed class BufferChain
{
    /// <summary>Slices shorter than this are copied: a reference would pin a whole slab for a few bytes.</summary>
    public const int CopyBelowBytes = 2 * 1024;

    private const int InitialSlots = 4;

    private readonly SlabPool _pool;
    private Segment[] _segments = [];
    private int _head;
    private int _count;
    private int _highWatermark;
    private int _lowWatermark;
    private bool _aboveHigh;
    private WatermarkListener? _listener;

    public BufferChain(SlabPool pool) => _pool = pool;

    /// <summary>Bytes held.</summary>
    public long Length { get; private set; }

    public bool IsEmpty => Length == 0;

    /// <summary>Slices held; each costs one iovec when the chain is written.</summary>
    public int SliceCount => _count;

    /// <summary>True between the two watermark calls.</summary>
    public bool IsAboveHighWatermark => _aboveHigh;

    /// <summary>The first slice's bytes; empty when the chain is.</summary>
    public ReadOnlySpan<byte> FirstSpan => _count == 0 ? default : SegmentAt(0).Slice.Span;

    /// <summary>Sets the limits in bytes; 0 means none. The low watermark is half of the high one, as in Envoy.</summary>
    public void SetWatermarks(int highBytes, WatermarkListener? listener)
    {
        _highWatermark = highBytes;
        _lowWatermark = highBytes / 2;
        _listener = listener;
        CheckHigh();
        CheckLow();
    }

    /// <summary>The n-th slice, borrowed.</summary>
    public Slice SliceAt(int index) => SegmentAt(index).Slice;

    /// <summary>Copies bytes to the tail.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        AppendCore(bytes);
        CheckHigh();
    }

    /// <summary>Appends a slice: by reference when that wastes less than three quarters of its slab, else by copy.</summary>
    public void Append(in Slice slice)
    {
        AppendCore(slice);
        CheckHigh();
    }

    /// <summary>
    /// Room of at least <paramref name="minimumBytes"/> contiguous bytes at the tail (at most a slab); follow with
    /// <see cref="Commit"/> before any other call.
    /// </summary>
    public Span<byte> Reserve(int minimumBytes)
    {
        Debug.Assert(minimumBytes <= _pool.SlabBytes, "a reservation fits one slab");
        if (_count > 0)
        {
            ref Segment tail = ref SegmentAt(_count - 1);
            int end = tail.Slice.Offset + tail.Slice.Length;
            if (tail.Writable && tail.Slice.Slab.Size - end >= minimumBytes)
            {
                return tail.Slice.Slab.Span[end..];
            }
        }

        Slab slab = _pool.Rent();
        Push(new Slice(slab, 0, 0), writable: true);
        return slab.Span;
    }

    /// <summary>Makes the first <paramref name="bytes"/> of the reservation part of the chain.</summary>
    public void Commit(int bytes)
    {
        CommitCore(bytes);
        CheckHigh();
    }

    /// <summary>Moves everything from <paramref name="source"/>, by reference; it ends up empty.</summary>
    public void Move(BufferChain source) => Move(source, source.Length);

    /// <summary>Moves the first <paramref name="bytes"/> of <paramref name="source"/>; a slice that is cut is shared by both chains.</summary>
    /// <remarks>The watermark calls come last, when both chains are consistent: a listener may use either.</remarks>
    public void Move(BufferChain source, long bytes)
    {
        Debug.Assert(bytes <= source.Length, "move of more than the source holds");
        Debug.Assert(!ReferenceEquals(this, source), "a chain does not move into itself");
        if (Length == 0 && bytes == source.Length && ReferenceEquals(_pool, source._pool))
        {
            Swap(source);
        }
        else
        {
            MoveSegments(source, bytes);
        }

        source.CheckLow();
        CheckHigh();
    }

    /// <summary>Drops the first <paramref name="bytes"/>.</summary>
    public void Drain(long bytes)
    {
        Debug.Assert(bytes <= Length, "drain of more than the chain holds");
        while (bytes > 0)
        {
            int n = (int)Math.Min(bytes, SegmentAt(0).Slice.Length);
            DrainCore(n);
            bytes -= n;
        }

        DropEmptyTail();
        CheckLow();
    }

    /// <summary>Drops everything and returns every slab.</summary>
    public void Clear()
    {
        while (_count > 0)
        {
            PopHead();
        }

        Length = 0;
        CheckLow();
    }

    /// <summary>Copies bytes from <paramref name="start"/> on without draining; returns how many fitted or were there.</summary>
    public int Peek(long start, Span<byte> destination)
    {
        int copied = 0;
        for (int i = 0; i < _count && copied < destination.Length; i++)
        {
            ReadOnlySpan<byte> span = SegmentAt(i).Slice.Span;
            if (start >= span.Length)
            {
                start -= span.Length;
                continue;
            }

            span = span[(int)start..];
            start = 0;
            int n = Math.Min(span.Length, destination.Length - copied);
            span[..n].CopyTo(destination[copied..]);
            copied += n;
        }

        return copied;
    }

    /// <summary>
    /// The first <paramref name="bytes"/> as one span; a prefix that spans slices is copied into one slab first, so at most a slab's
    /// size may be asked for.
    /// </summary>
    public ReadOnlySpan<byte> Linearize(int bytes)
    {
        Debug.Assert(bytes <= Length && bytes <= _pool.SlabBytes, "linearize within the chain and a slab");
        if (bytes == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> first = FirstSpan;
        return first.Length >= bytes ? first[..bytes] : LinearizeSlow(bytes);
    }

    private void AppendCore(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = Reserve(1);
            int n = Math.Min(room.Length, bytes.Length);
            bytes[..n].CopyTo(room);
            CommitCore(n);
            bytes = bytes[n..];
        }
    }

    private void AppendCore(in Slice slice)
    {
        if (IsCopied(slice))
        {
            AppendCore(slice.Span);
            return;
        }

        slice.Slab.Retain();
        Push(slice, writable: false);
        Length += slice.Length;
    }

    private static bool IsCopied(in Slice slice) => slice.Length < CopyBelowBytes || slice.Length < slice.Slab.Size / 4;

    /// <summary>Everything into an empty chain: the two exchange their segments, whatever their number and size.</summary>
    private void Swap(BufferChain source)
    {
        DropEmptyTail();
        (_segments, source._segments) = (source._segments, _segments);
        (_head, source._head) = (source._head, _head);
        (_count, source._count) = (source._count, _count);
        Length = source.Length;
        source.Length = 0;
    }

    private void MoveSegments(BufferChain source, long bytes)
    {
        while (bytes > 0)
        {
            ref Segment first = ref source.SegmentAt(0);
            int n = (int)Math.Min(bytes, first.Slice.Length);
            if (n == first.Slice.Length && !IsCopied(first.Slice))
            {
                // The whole segment changes hands, and with it the right to grow in place (only a slab of this size may be reserved from).
                Push(first.Slice, first.Writable && ReferenceEquals(_pool, source._pool));
                Length += n;
                source.ForgetHead(n);
            }
            else
            {
                AppendCore(first.Slice.Part(0, n));
                source.DrainCore(n);
            }

            bytes -= n;
        }

        source.DropEmptyTail();
    }

    /// <summary>Drops the head segment without releasing its slab: another chain has taken the reference over.</summary>
    private void ForgetHead(int bytes)
    {
        SegmentAt(0) = default;
        _head = (_head + 1) & (_segments.Length - 1);
        _count--;
        Length -= bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> LinearizeSlow(int bytes)
    {
        Slab slab = _pool.Rent();
        Peek(0, slab.Span[..bytes]);
        int left = bytes;
        while (left > 0)
        {
            int n = Math.Min(left, SegmentAt(0).Slice.Length);
            DrainCore(n);
            left -= n;
        }

        EnsureSlot();
        _head = (_head - 1) & (_segments.Length - 1);
        _count++;
        SegmentAt(0) = new Segment(new Slice(slab, 0, bytes), writable: false);
        Length += bytes;
        return FirstSpan;
    }

    private void CommitCore(int bytes)
    {
        ref Segment tail = ref SegmentAt(_count - 1);
        Debug.Assert(tail.Writable, "commit follows reserve");
        tail.Slice = new Slice(tail.Slice.Slab, tail.Slice.Offset, tail.Slice.Length + bytes);
        Length += bytes;
        DropEmptyTail();
    }

    private void DrainCore(int bytes)
    {
        ref Segment head = ref SegmentAt(0);
        Length -= bytes;
        if (bytes == head.Slice.Length)
        {
            PopHead();
            return;
        }

        head.Slice = head.Slice.From(bytes);
    }

    /// <summary>A reservation that was never committed must not keep a slab, nor stand as an empty slice before what comes next.</summary>
    private void DropEmptyTail()
    {
        if (_count > 0 && SegmentAt(_count - 1).Slice.IsEmpty)
        {
            ref Segment tail = ref SegmentAt(_count - 1);
            tail.Slice.Slab.Release();
            tail = default;
            _count--;
        }
    }

    private void Push(in Slice slice, bool writable)
    {
        DropEmptyTail();
        EnsureSlot();
        _count++;
        SegmentAt(_count - 1) = new Segment(slice, writable);
    }

    private void PopHead()
    {
        ref Segment head = ref SegmentAt(0);
        head.Slice.Slab.Release();
        head = default;
        _head = (_head + 1) & (_segments.Length - 1);
        _count--;
    }

    private void EnsureSlot()
    {
        if (_count < _segments.Length)
        {
            return;
        }

        var grown = new Segment[Math.Max(InitialSlots, _segments.Length * 2)];
        for (int i = 0; i < _count; i++)
        {
            grown[i] = SegmentAt(i);
        }

        _segments = grown;
        _head = 0;
    }

    private ref Segment SegmentAt(int index) => ref _segments[(_head + index) & (_segments.Length - 1)];

    private void CheckHigh()
    {
        if (!_aboveHigh && _highWatermark > 0 && Length > _highWatermark)
        {
            _aboveHigh = true;
            _listener?.OnAboveHighWatermark();
        }
    }

    private void CheckLow()
    {
        if (_aboveHigh && (_highWatermark == 0 || Length <= _lowWatermark))
        {
            _aboveHigh = false;
            _listener?.OnBelowLowWatermark();
        }
    }

    private struct Segment(Slice slice, bool writable)
    {
        public Slice Slice = slice;

        /// <summary>The slab was rented by this chain and nobody wrote after the slice: the tail may grow in place.</summary>
        public readonly bool Writable = writable;
    }
}
