using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2.FlowControl;

/// <summary>
/// Sends bodies within the peer's windows (RFC 9113 section 5.2). What fits goes out at once; the rest waits in the stream's chain,
/// and when the connection's window opens the waiting streams take turns of one frame. Thread: the worker.
/// </summary>
internal sealed class SendScheduler
{
    private readonly CodecTransport _transport;
    private readonly FrameWriter _writer;
    private readonly Http2StreamPool _pool;
    private readonly StatBlock _stats;
    private StreamQueue _ready;

    public SendScheduler(CodecTransport transport, FrameWriter writer, Http2StreamPool pool, StatBlock stats)
    {
        _transport = transport;
        _writer = writer;
        _pool = pool;
        _stats = stats;
    }

    /// <summary>The peer's window for the connection.</summary>
    public int WindowBytes { get; private set; } = Http2Settings.DefaultWindowBytes;

    /// <summary>Sends or keeps a lent piece.</summary>
    public void Send(Http2Stream stream, in Slice data, bool end)
    {
        if (data.IsEmpty && !end)
        {
            return;
        }

        int sent = 0;
        if (stream.Pending.IsEmpty)
        {
            int allowed = Math.Min(data.Length, Room(stream));
            do
            {
                int length = Math.Min(allowed - sent, FrameHeader.MaxPayloadBytes);
                if (length <= 0 && !data.IsEmpty)
                {
                    break;
                }

                bool last = end && sent + length == data.Length;
                _writer.WriteData(stream.Id, data.Part(sent, length), last);
                Charge(stream, length);
                sent += length;
                stream.Outbound.End = last ? OutboundEnd.Sent : stream.Outbound.End;
            }
            while (sent < allowed);

            if (sent == data.Length)
            {
                return;
            }
        }

        stream.Pending.Append(data.From(sent));
        OnKept(stream, data.Length - sent, end);
    }

    /// <summary>Sends or keeps a chain, which ends up empty.</summary>
    public void Send(Http2Stream stream, BufferChain data, bool end)
    {
        if (data.IsEmpty)
        {
            Send(stream, default(Slice), end);
            return;
        }

        // Draining the chain may call its owner, who may do anything with the stream: look again after each move.
        while (!data.IsEmpty && !stream.IsRetired && stream.Pending.IsEmpty && Room(stream) > 0)
        {
            int length = (int)Math.Min(data.Length, Math.Min(Room(stream), FrameHeader.MaxPayloadBytes));
            bool last = end && length == data.Length;
            _writer.WriteDataHeader(stream.Id, length, last);
            Charge(stream, length);
            stream.Outbound.End = last ? OutboundEnd.Sent : stream.Outbound.End;
            _transport.Output.Move(data, length);
        }

        if (stream.IsRetired)
        {
            data.Clear();
            return;
        }

        if (!data.IsEmpty)
        {
            long kept = data.Length;
            stream.Pending.Move(data);
            OnKept(stream, kept, end);
        }
    }

    /// <summary>Sends trailers, behind the data that waits.</summary>
    public void SendTrailers(Http2Stream stream, HeaderMap trailers)
    {
        if (stream.Pending.IsEmpty)
        {
            _writer.WriteHeaders(stream.Id, trailers, endStream: true);
            stream.Outbound.End = OutboundEnd.Sent;
            return;
        }

        HeaderMap copy = _pool.RentMap();
        copy.AddAll(trailers);
        stream.Outbound.Trailers = copy;
        stream.Outbound.End = OutboundEnd.WithTrailers;
        stream.Outbound.StalledSinceNs = _transport.NowNs;
    }

    /// <summary>WINDOW_UPDATE for the connection; false when the window overflows.</summary>
    public bool TryOpen(int increment)
    {
        long window = (long)WindowBytes + increment;
        if (window > int.MaxValue)
        {
            return false;
        }

        WindowBytes = (int)window;
        return true;
    }

    /// <summary>
    /// WINDOW_UPDATE for a stream, or the difference that SETTINGS makes; false when the window overflows. Follow with
    /// <see cref="StreamLifecycle.Pump"/>.
    /// </summary>
    public bool TryOpen(Http2Stream stream, int difference)
    {
        long window = (long)stream.Outbound.WindowBytes + difference;
        if (window is > int.MaxValue or < int.MinValue)
        {
            return false;
        }

        stream.Outbound.WindowBytes = (int)window;
        EnqueueIfReady(stream);
        return true;
    }

    /// <summary>
    /// Lets the next waiting stream send one frame; that stream, or null when there is none or no window. It has a turn again later
    /// if it has more.
    /// </summary>
    public Http2Stream? TakeTurn()
    {
        if (WindowBytes <= 0 || _ready.Pop() is not { } stream)
        {
            return null;
        }

        // A lowered initial window may have closed it since it queued.
        int length = (int)Math.Min(stream.Pending.Length, Math.Min(Room(stream), FrameHeader.MaxPayloadBytes));
        if (length <= 0)
        {
            return stream;
        }

        bool emptied = length == stream.Pending.Length;
        bool last = emptied && stream.Outbound.End == OutboundEnd.WithData;
        _writer.WriteDataHeader(stream.Id, length, last);
        Charge(stream, length);
        _transport.Output.Move(stream.Pending, length);
        _stats.Add(Http2Stat.PendingSendBytes, -length);
        stream.Outbound.StalledSinceNs = _transport.NowNs;
        if (last)
        {
            stream.Outbound.End = OutboundEnd.Sent;
        }
        else if (emptied && stream.Outbound.Trailers is { } trailers)
        {
            stream.Outbound.Trailers = null;
            _writer.WriteHeaders(stream.Id, trailers, endStream: true);
            _pool.ReturnMap(trailers);
            stream.Outbound.End = OutboundEnd.Sent;
        }

        EnqueueIfReady(stream);
        return stream;
    }

    /// <summary>The stream is closed: drops what waits.</summary>
    public void Forget(Http2Stream stream)
    {
        if (stream.Outbound.IsQueued)
        {
            _ready.Remove(stream);
        }

        if (!stream.Pending.IsEmpty)
        {
            _stats.Add(Http2Stat.PendingSendBytes, -stream.Pending.Length);
            stream.Pending.Clear();
        }

        if (stream.Outbound.Trailers is { } trailers)
        {
            stream.Outbound.Trailers = null;
            _pool.ReturnMap(trailers);
        }
    }

    private int Room(Http2Stream stream) => Math.Min(WindowBytes, stream.Outbound.WindowBytes);

    private void Charge(Http2Stream stream, int bytes)
    {
        WindowBytes -= bytes;
        stream.Outbound.WindowBytes -= bytes;
    }

    private void OnKept(Http2Stream stream, long bytes, bool end)
    {
        _stats.Add(Http2Stat.PendingSendBytes, bytes);
        if (end)
        {
            stream.Outbound.End = OutboundEnd.WithData;
            stream.Outbound.StalledSinceNs = _transport.NowNs;
        }

        EnqueueIfReady(stream);
    }

    private void EnqueueIfReady(Http2Stream stream)
    {
        if (!stream.Outbound.IsQueued && !stream.Pending.IsEmpty && stream.Outbound.WindowBytes > 0)
        {
            _ready.Push(stream);
        }
    }
}
