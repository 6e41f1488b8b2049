using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Streams;

/// <summary>
/// How the streams of one connection begin and end, by their owner, by the peer, by an error or by the end of the connection. A closed
/// stream is retired at once (out of every list, memory returned) and recycled when no caller can hold it any more. Thread: the worker.
/// </summary>
internal sealed class StreamLifecycle
{
    private readonly Http2Connection _connection;
    private readonly StreamTable _table = new();
    private Http2Stream? _retired;
    private uint _highestAnnouncedId;

    public StreamLifecycle(Http2Connection connection) => _connection = connection;

    /// <summary>The ids that were opened, and those that we reset.</summary>
    public RecentResets Recent;

    /// <summary>Streams that are not closed.</summary>
    public int Count => _table.Count;

    /// <inheritdoc cref="StreamTable.First"/>
    public Http2Stream? First => _table.First;

    /// <summary>Client: the id of the next stream.</summary>
    public uint NextStreamId { get; set; } = 1;

    /// <summary>The streams have been told that the connection's own buffer is full.</summary>
    public bool IsTransportAbove { get; private set; }

    public Http2Stream? Find(uint streamId) => _table.Find(streamId);

    /// <summary>No stream of this id was ever opened.</summary>
    public bool IsIdle(uint streamId) => (streamId & 1) == 0 || streamId > Recent.HighestStreamId;

    /// <summary>Client: a stream begins, with the next id.</summary>
    public Http2Stream OpenNext() => Open(TakeStreamId());

    /// <summary>A stream begins; its owner is not known yet.</summary>
    public Http2Stream Open(uint id)
    {
        Http2Stream stream = _connection.Pool.Rent();
        stream.Open(_connection, id, _connection.Peer.InitialWindowBytes, _connection.Settings.InitialStreamWindowBytes);
        _table.Add(stream);
        _connection.Stats.Increment(Http2Stat.StreamsActive);
        return stream;
    }

    /// <summary>A stream has its owner, who learns at once that the connection is full.</summary>
    public void Attach(Http2Stream stream, StreamReceiver receiver)
    {
        stream.Receiver = receiver;
        if (IsTransportAbove)
        {
            stream.SetBlocked(BlockReasons.Transport, true);
        }
    }

    public void SendHeaders(Http2Stream stream, HeaderMap headers, bool endStream)
    {
        if (!_connection.IsServer)
        {
            EnsureAscendingId(stream);
        }

        _connection.Writer.WriteHeaders(stream.Id, UpgradeTranslation.ForSending(stream, headers, _connection), endStream);
        if (endStream)
        {
            stream.Outbound.End = OutboundEnd.Sent;
        }

        Settle(stream);
    }

    /// <summary>
    /// After every command of the owner and every event told to it: lets go of the receiver, and of the stream, when they are done.
    /// </summary>
    public void Settle(Http2Stream stream)
    {
        if (stream.IsRetired)
        {
            return;
        }

        if (stream.IsOwnerDone)
        {
            stream.Receiver = null;
        }

        if (stream.Outbound is { ResetWhenSent: true, End: OutboundEnd.Sent })
        {
            WriteReset(stream, (uint)Http2ErrorCode.NoError);
        }
        else if (stream.IsComplete)
        {
            Retire(stream);
        }
        else
        {
            stream.CheckWriteBuffer();
        }
    }

    /// <summary>
    /// The owner ends the stream. A message that it has encoded to its end still goes out before RST_STREAM does: a server that answers
    /// early resets what it did not read, not its answer.
    /// </summary>
    public void ResetByOwner(Http2Stream stream, StreamResetReason reason)
    {
        stream.Receiver = null;
        bool isWaiting = stream.Outbound.End is OutboundEnd.WithData or OutboundEnd.WithTrailers;
        if (isWaiting && _connection.IsOpen && reason != StreamResetReason.OverloadManager)
        {
            if (!stream.Outbound.ResetWhenSent)
            {
                stream.Outbound.ResetWhenSent = true;
                _connection.Stats.Increment(Http2Stat.DeferredStreamClose);
                ReleaseHeld(stream);
            }

            return;
        }

        WriteReset(stream, (uint)(reason switch
        {
            StreamResetReason.LocalRefusedStreamReset => Http2ErrorCode.RefusedStream,
            StreamResetReason.ConnectError => Http2ErrorCode.ConnectError,
            StreamResetReason.ProtocolError => Http2ErrorCode.ProtocolError,
            _ => Http2ErrorCode.NoError,
        }));
    }

    /// <summary>The peer broke one stream's protocol: RST_STREAM, and the owner is told.</summary>
    public void Fail(Http2Stream stream, ErrorDetail detail)
    {
        StreamReceiver? receiver = stream.Receiver;
        WriteReset(stream, detail.Http2Code);
        receiver?.OnReset(StreamResetReason.ProtocolError, detail);
    }

    /// <summary>A stream that was never opened, or is closed, is reset.</summary>
    public void WriteReset(uint streamId, Http2ErrorCode code)
    {
        Recent.MarkReset(streamId);
        _connection.Writer.WriteRstStream(streamId, (uint)code);
        _connection.Stats.Increment(Http2Stat.TxReset);
    }

    /// <summary>Closes a stream: takes it out of every list and returns what it holds. It is recycled at the outermost Leave.</summary>
    public void Retire(Http2Stream stream)
    {
        ReleaseHeld(stream);
        _connection.Scheduler.Forget(stream);
        _table.Remove(stream);
        _connection.Forget(stream);
        if (stream.Outbound.ResetWhenSent)
        {
            _connection.Stats.Decrement(Http2Stat.DeferredStreamClose);
        }

        _connection.Stats.Decrement(Http2Stat.StreamsActive);
        stream.IsRetired = true;
        stream.Receiver = null;
        stream.NextFree = _retired;
        _retired = stream;
    }

    /// <summary>
    /// Resets complete messages that flow control has held for longer than this, as Envoy's stream flush timeout does; how many.
    /// </summary>
    public int ResetStalled(long timeoutNs)
    {
        if (!_connection.IsOpen)
        {
            return 0;
        }

        int count = 0;
        _connection.Enter();
        for (Http2Stream? stream = _table.First; stream is not null; stream = stream.NextActive)
        {
            bool waits = stream.Outbound.End is OutboundEnd.WithData or OutboundEnd.WithTrailers;
            if (!stream.IsRetired && waits && _connection.NowNs - stream.Outbound.StalledSinceNs >= timeoutNs)
            {
                _connection.Stats.Increment(Http2Stat.TxFlushTimeout);
                count++;
                StreamReceiver? receiver = stream.Receiver;
                WriteReset(stream, (uint)Http2ErrorCode.NoError);
                receiver?.OnReset(StreamResetReason.LocalReset, detail: null);
            }
        }

        _connection.Leave();
        return count;
    }

    /// <summary>The connection is gone, and every stream with it.</summary>
    public void Abandon(StreamResetReason reason)
    {
        for (Http2Stream? stream = _table.First; stream is not null; stream = stream.NextActive)
        {
            if (!stream.IsRetired)
            {
                StreamReceiver? receiver = stream.Receiver;
                Retire(stream);
                receiver?.OnReset(reason, detail: null);
            }
        }
    }

    /// <summary>Lets waiting streams send while there is window, one frame a turn.</summary>
    public void Pump()
    {
        while (_connection.Scheduler.TakeTurn() is { } stream)
        {
            Settle(stream);
        }
    }

    /// <summary>The connection's own buffer is over its high watermark, or has drained.</summary>
    public void SetTransportAbove(bool above)
    {
        IsTransportAbove = above;
        for (Http2Stream? stream = _table.First; stream is not null; stream = stream.NextActive)
        {
            if (!stream.IsRetired)
            {
                stream.SetBlocked(BlockReasons.Transport, above);
            }
        }
    }

    /// <summary>Nobody is inside the connection: closed streams go back to the pool, and their owner hears of each.</summary>
    public void RecycleRetired(bool tellOwner)
    {
        while (_retired is { } stream)
        {
            _retired = stream.NextFree;
            stream.NextFree = null;
            stream.Recycle();
            _connection.Pool.Return(stream);
            if (tellOwner)
            {
                _connection.Side.OnStreamRecycled();
            }
        }
    }

    private uint TakeStreamId()
    {
        uint id = NextStreamId;
        NextStreamId += 2;
        Recent.Advance(id);
        return id;
    }

    private void WriteReset(Http2Stream stream, uint code)
    {
        // A client's stream without a head does not exist for the server.
        if (_connection.IsOpen && (_connection.IsServer || stream.IsAnnounced))
        {
            WriteReset(stream.Id, (Http2ErrorCode)code);
        }

        Retire(stream);
    }

    /// <summary>
    /// Heads must leave in the order of their ids (RFC 9113 section 5.1.1): a stream that was overtaken between its opening and its
    /// head gets a new one.
    /// </summary>
    private void EnsureAscendingId(Http2Stream stream)
    {
        stream.IsAnnounced = true;
        if (stream.Id < _highestAnnouncedId)
        {
            _table.Remove(stream);
            stream.Renumber(TakeStreamId());
            _table.Add(stream);
        }

        _highestAnnouncedId = stream.Id;
    }

    private void ReleaseHeld(Http2Stream stream)
    {
        int held = stream.Inbound.HeldBytes;
        if (held > 0)
        {
            stream.Inbound.HeldBytes = 0;
            _connection.Consume(held);
        }
    }
}
