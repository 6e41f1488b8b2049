using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>
/// The server side of an HTTP/1 connection (RFC 9112). One request at a time: bytes of the next one are held until the exchange is over.
/// Owned by the connection manager; thread: its worker.
/// </summary>
/// <remarks><code>
///   OnData -> held? -> Pump: [ begin stream -> head -> body ... end ]*   one loop, never re-entered
///                               OnNewStream  OnHeaders OnData
///   sender.Encode* -> head and body writers -> transport.Output
///   both halves over -> CloseStream -> OnStreamClosed, then the loop goes on with held bytes
/// </code></remarks>
public sealed class Http1ServerCodec : ServerCodec
{
    /// <summary>Empty lines skipped in front of a request (RFC 9112 section 2.2), in bytes.</summary>
    private const int MaxLeadingLineEnds = 8;

    private readonly CodecTransport _transport;
    private readonly ServerCodecOwner _owner;
    private readonly Http1Settings _settings;
    private readonly StatBlock _stats;
    private readonly Http1Reader _reader;
    private readonly Http1ServerStream _stream;
    private readonly BufferChain _held;
    private StreamReceiver? _receiver;
    private Http1BodyWriter _writer;
    private Half _request;
    private Half _response;
    private Http1BodyKind _bodyKind;
    private Life _life;
    private int _readDisables;
    private int _leadingLineEnds;
    private Conditions _is;

    public Http1ServerCodec(CodecTransport transport, ServerCodecOwner owner, Http1Settings settings)
        : this(transport, owner, settings, default)
    {
    }

    /// <param name="stats">The listener's instance of <see cref="Http1CodecStats.Table"/>; default: nothing is counted.</param>
    public Http1ServerCodec(CodecTransport transport, ServerCodecOwner owner, Http1Settings settings, StatBlock stats)
    {
        _transport = transport;
        _owner = owner;
        _settings = settings;
        _stats = stats;
        _reader = new Http1Reader(settings, isRequest: true, transport.Memory.Slabs, stats);
        _stream = new Http1ServerStream(this);
        _held = new BufferChain(transport.Memory.Slabs);
    }

    /// <summary>How far one direction of the exchange is.</summary>
    private enum Half : byte
    {
        None = 0,
        Head,
        Body,
        Over,
    }

    /// <summary>How far the connection is.</summary>
    private enum Life : byte
    {
        Open = 0,

        /// <summary>The next response, or the one under way if its head is still to come, says close.</summary>
        Draining,

        /// <summary>The exchange under way is the last.</summary>
        Last,

        /// <summary>The request side is unreadable or no longer wanted; the response may still be written.</summary>
        Deaf,

        Closed,
    }

    [System.Flags]
    private enum Conditions : byte
    {
        None = 0,
        Pumping = 1,
        AboveWatermark = 2,
        HeldLimit = 4,
        TunnelBytesSeen = 8,
        InputEnded = 16,
    }

    public override HttpProtocol Protocol => _reader.Head.Protocol == HttpProtocol.Http10 ? HttpProtocol.Http10 : HttpProtocol.Http11;

    public override int ActiveStreams => _receiver is null ? 0 : 1;

    public override bool WantsClose => _life >= Life.Last;

    internal uint StreamNumber { get; private set; }

    internal long BufferedBytes => _transport.Output.Length;

    private bool IsTunnel => _bodyKind == Http1BodyKind.Tunnel;

    public override ErrorDetail? OnData(in Slice data)
    {
        if (_life >= Life.Deaf)
        {
            return null;
        }

        if (!_held.IsEmpty)
        {
            Hold(data);
            return Resume();
        }

        ErrorDetail? error = Pump(data, out int taken);
        if (taken < data.Length && _life < Life.Last)
        {
            Hold(data.From(taken));
        }

        return error;
    }

    public override ErrorDetail? Resume()
    {
        ErrorDetail? error = null;
        while (error is null && !_held.IsEmpty && CanRead)
        {
            // The slice outlives what the events may do to the chain.
            Slice first = _held.SliceAt(0);
            first.Slab.Retain();
            error = Pump(first, out int taken);
            first.Slab.Release();
            if (!_held.IsEmpty)
            {
                _held.Drain(taken);
                ReleaseHeldLimit();
            }
        }

        if (error is null && _held.IsEmpty && (_is & Conditions.InputEnded) != 0)
        {
            EndInput();
        }

        return error;
    }

    public override void OnEndOfStream()
    {
        _is |= Conditions.InputEnded;
        if (_held.IsEmpty)
        {
            EndInput();
        }
    }

    public override void ShutdownNotice() => Advance(Life.Draining);

    public override void GoAway() => Advance(Life.Last);

    public override void OnTransportWatermark(bool above)
    {
        if (above)
        {
            _is |= Conditions.AboveWatermark;
            _receiver?.OnAboveWriteBufferHighWatermark();
            return;
        }

        _is &= ~Conditions.AboveWatermark;
        if (_receiver is not null)
        {
            _receiver.OnBelowWriteBufferLowWatermark();
        }
        else
        {
            AnnounceHeldInput();
        }
    }

    public override void OnConnectionClosed(StreamResetReason reason)
    {
        if (_life == Life.Closed)
        {
            return;
        }

        _life = Life.Closed;
        _reader.Abandon();
        _held.Clear();
        if (_receiver is not null)
        {
            ResetReceiver(reason, null);
        }
    }

    internal void EncodeHeaders(HeaderMap headers, bool endStream)
    {
        if (_receiver is null || _response >= Half.Body)
        {
            return;
        }

        int status = headers.Status;
        ref Http1Head request = ref _reader.Head;
        bool switches = IsTunnel && (request.Method == Http1Method.Connect ? status / 100 == 2 : status == 101);
        if (IsTunnel && !switches)
        {
            RefuseTunnel(request.Method);
        }

        long length = Http1Fields.ContentLength(headers);
        Http1MessagePlan plan = Http1MessagePlan.OfResponse(request.Method, request.Protocol, status, length, endStream, switches);
        bool isLast = _life != Life.Open || !request.IsPersistent || plan.EndsWithConnection || (endStream && _request != Half.Over);
        if (!switches && (isLast || Http1Fields.SaysClose(headers)))
        {
            Advance(Life.Last);
        }

        _writer = Http1BodyWriter.Begin(plan.Mode, length);
        _response = Half.Body;
        WriteHead(headers, plan.Framing, switches ? Http1ConnectionField.Keep : OwnConnectionField(request.Protocol));
        Finish(endStream);
    }

    internal void EncodeInformationalHeaders(HeaderMap headers)
    {
        // RFC 9110 section 15.2: not to a client of HTTP/1.0.
        if (_receiver is null || _response >= Half.Body || _reader.Head.Protocol == HttpProtocol.Http10)
        {
            return;
        }

        WriteHead(headers, Http1FramingField.Omit, Http1ConnectionField.Keep);
        _transport.OutputWritten();
    }

    internal void EncodeData(in Slice data, bool endStream)
    {
        if (_response == Half.Body)
        {
            _writer.Write(_transport.Output, data);
            Finish(endStream);
        }
    }

    internal void EncodeData(BufferChain data, bool endStream)
    {
        if (_response == Half.Body)
        {
            _writer.Write(_transport.Output, data);
            Finish(endStream);
        }
    }

    internal void EncodeTrailers(HeaderMap trailers)
    {
        if (_response == Half.Body)
        {
            _writer.End(_transport.Output, _transport.Memory.Slabs.SlabBytes, trailers, _settings);
            EndResponse();
        }
    }

    internal void ResetStream()
    {
        // RFC 9112 has no way to give up one response and keep the connection.
        if (_receiver is not null)
        {
            Advance(Life.Deaf);
            CloseStream();
        }
    }

    internal void ReadDisableStream(bool disable)
    {
        if (_receiver is not null)
        {
            _readDisables += disable ? 1 : -1;
            _transport.ReadDisable(disable);
        }
    }

    /// <summary>The next message's bytes may be parsed: nothing is under way, or what is under way is still being received.</summary>
    private bool CanRead => _life < Life.Deaf && (_receiver is not null ? _request != Half.Over : CanBegin);

    /// <summary>Above the watermark no request begins: a client that sends and never reads can't make us pile up responses.</summary>
    private bool CanBegin => _life < Life.Last && (_is & Conditions.AboveWatermark) == 0;

    private ErrorDetail? Pump(in Slice data, out int taken)
    {
        taken = 0;
        _is |= Conditions.Pumping;
        ErrorDetail? error = null;
        while (taken < data.Length && CanRead)
        {
            if (_receiver is null && !TryBeginStream(data, ref taken))
            {
                continue;
            }

            Http1ReadEvent found = _reader.Read(data, ref taken, out Slice piece);
            if (found == Http1ReadEvent.Broken)
            {
                error = Break(_reader.Error!);
                break;
            }

            if (found != Http1ReadEvent.NeedMore)
            {
                error = Deliver(found, piece);
                if (error is not null)
                {
                    break;
                }
            }
        }

        _is &= ~Conditions.Pumping;
        return error;
    }

    /// <summary>False: a byte of an empty line was skipped.</summary>
    private bool TryBeginStream(in Slice data, ref int taken)
    {
        if (data.Span[taken] is (byte)'\r' or (byte)'\n' && _leadingLineEnds < MaxLeadingLineEnds)
        {
            _leadingLineEnds++;
            taken++;
            return false;
        }

        _leadingLineEnds = 0;
        StreamNumber++;
        _request = Half.Head;
        _response = Half.Head;
        _bodyKind = Http1BodyKind.None;
        _is &= ~Conditions.TunnelBytesSeen;
        _reader.Head = default;
        _receiver = _owner.OnNewStream(_stream);
        _reader.BeginHead(_receiver.HeadersToFill);
        return true;
    }

    private ErrorDetail? Deliver(Http1ReadEvent found, in Slice piece)
    {
        StreamReceiver receiver = _receiver!;
        switch (found)
        {
            case Http1ReadEvent.Head:
                ErrorDetail? error = Http1Framing.OfRequest(ref _reader.Head, receiver.HeadersToFill, _settings, out _bodyKind);
                if (error is not null)
                {
                    return Break(error);
                }

                bool endStream = _bodyKind == Http1BodyKind.None;
                _reader.BeginBody(_bodyKind, receiver.TrailersToFill);
                _request = endStream ? Half.Over : Half.Body;
                receiver.OnHeaders(endStream);
                break;

            case Http1ReadEvent.Data:
                _is |= IsTunnel ? Conditions.TunnelBytesSeen : Conditions.None;
                receiver.OnData(piece, endStream: false);
                return null;

            case Http1ReadEvent.DataEnd or Http1ReadEvent.End:
                _request = Half.Over;
                receiver.OnData(piece, endStream: true);
                break;

            default:
                _request = Half.Over;
                receiver.OnTrailers();
                break;
        }

        CloseIfOver();
        return null;
    }

    /// <summary>The request can't be read on; the owner answers through the sender and closes.</summary>
    private ErrorDetail Break(ErrorDetail error)
    {
        Advance(Life.Deaf);
        _held.Clear();
        ReleaseHeldLimit();
        if (_stats.IsValid)
        {
            _stats.Increment(Http1CodecStats.ProtocolError);
        }

        return error;
    }

    /// <summary>
    /// The answer to CONNECT or an upgrade is an ordinary one. An upgrade's request is then over, and the connection goes on, unless
    /// bytes of the other protocol came already.
    /// </summary>
    private void RefuseTunnel(Http1Method method)
    {
        _bodyKind = Http1BodyKind.None;
        _request = Half.Over;
        if (method == Http1Method.Connect || (_is & Conditions.TunnelBytesSeen) != 0)
        {
            Advance(Life.Last);
        }
    }

    private void WriteHead(HeaderMap headers, Http1FramingField framing, Http1ConnectionField connection)
    {
        HttpProtocol protocol = _settings.AcceptHttp10 ? Protocol : HttpProtocol.Http11;
        int slabBytes = _transport.Memory.Slabs.SlabBytes;
        Http1HeadWriter.WriteResponse(_transport.Output, slabBytes, headers, protocol, framing, connection, _settings.HeaderCase);
    }

    private Http1ConnectionField OwnConnectionField(HttpProtocol requestProtocol)
    {
        if (_life != Life.Open)
        {
            return Http1ConnectionField.Close;
        }

        return requestProtocol == HttpProtocol.Http10 ? Http1ConnectionField.KeepAlive : Http1ConnectionField.Keep;
    }

    private void Finish(bool endStream)
    {
        if (endStream)
        {
            _writer.End(_transport.Output);
            EndResponse();
            return;
        }

        _transport.OutputWritten();
    }

    private void EndResponse()
    {
        _response = Half.Over;
        _transport.OutputWritten();

        // The rest of a request that was answered early would be taken for the next one; a tunnel can't be half closed.
        if (_request != Half.Over)
        {
            Advance(Life.Deaf);
        }
        else if (_writer.IsShort || IsTunnel)
        {
            Advance(Life.Last);
        }

        CloseIfOver();
    }

    /// <summary>The peer sends no more. A client that has sent its last request whole may close its half and wait for the answer.</summary>
    private void EndInput()
    {
        if (_life >= Life.Deaf)
        {
            return;
        }

        Advance(Life.Last);
        if (_receiver is null || _request == Half.Over)
        {
            return;
        }

        if (IsTunnel)
        {
            _request = Half.Over;
            _receiver.OnData(default, endStream: true);
            CloseIfOver();
            return;
        }

        ResetReceiver(StreamResetReason.ConnectionTermination, null);
    }

    private void CloseIfOver()
    {
        if (_receiver is not null && _response == Half.Over && (_request == Half.Over || _life >= Life.Deaf))
        {
            CloseStream();
        }
    }

    private void ResetReceiver(StreamResetReason reason, ErrorDetail? detail)
    {
        StreamReceiver receiver = _receiver!;
        Advance(Life.Deaf);
        _receiver = null;
        receiver.OnReset(reason, detail);
        CloseStream();
    }

    private void CloseStream()
    {
        _receiver = null;
        _request = Half.Over;
        _response = Half.Over;
        if (_life >= Life.Last)
        {
            _reader.Abandon();
            _held.Clear();
            ReleaseHeldLimit();
        }

        while (_readDisables > 0)
        {
            _readDisables--;
            _transport.ReadDisable(false);
        }

        _owner.OnStreamClosed();
        AnnounceHeldInput();
    }

    private void AnnounceHeldInput()
    {
        if ((_is & Conditions.Pumping) == 0 && !_held.IsEmpty && _receiver is null && CanBegin)
        {
            _owner.OnInputHeld();
        }
    }

    private void Hold(in Slice rest)
    {
        _held.Append(rest);
        if (_held.Length > _settings.MaxHeldBytes && (_is & Conditions.HeldLimit) == 0)
        {
            _is |= Conditions.HeldLimit;
            _transport.ReadDisable(true);
        }
    }

    private void ReleaseHeldLimit()
    {
        if ((_is & Conditions.HeldLimit) != 0 && _held.Length <= _settings.MaxHeldBytes)
        {
            _is &= ~Conditions.HeldLimit;
            _transport.ReadDisable(false);
        }
    }

    /// <summary>A connection's life goes one way.</summary>
    private void Advance(Life life)
    {
        if (_life < life)
        {
            _life = life;
        }
    }
}
