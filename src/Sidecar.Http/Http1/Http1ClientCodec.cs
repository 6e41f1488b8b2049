using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>
/// The client side of an HTTP/1 connection (RFC 9112): one exchange at a time, no pipelining. Owned by a pooled connection; thread: its
/// worker.
/// </summary>
/// <remarks>
/// An event or <see cref="ClientCodecOwner.OnStreamClosed"/> may open the next stream before it returns; code behind such a call compares
/// <see cref="StreamNumber"/>.
/// </remarks>
public sealed class Http1ClientCodec : ClientCodec
{
    /// <summary>A server that sends nothing but 1xx responses is broken.</summary>
    private const int MaxInformational = 64;

    private readonly CodecTransport _transport;
    private readonly ClientCodecOwner _owner;
    private readonly Http1Settings _settings;
    private readonly StatBlock _stats;
    private readonly Http1Reader _reader;
    private readonly Http1ClientStream _stream;
    private StreamReceiver? _receiver;
    private Http1BodyWriter _writer;
    private Http1Method _method;
    private Http1BodyKind _responseKind;
    private Half _request;
    private Half _response;
    private Conditions _is;
    private int _readDisables;
    private int _informational;

    public Http1ClientCodec(CodecTransport transport, ClientCodecOwner owner, Http1Settings settings)
        : this(transport, owner, settings, default)
    {
    }

    /// <param name="stats">The cluster's instance of <see cref="Http1CodecStats.Table"/>; default: nothing is counted.</param>
    public Http1ClientCodec(CodecTransport transport, ClientCodecOwner owner, Http1Settings settings, StatBlock stats)
    {
        _transport = transport;
        _owner = owner;
        _settings = settings;
        _stats = stats;
        _reader = new Http1Reader(settings, isRequest: false, transport.Memory.Slabs, stats);
        _stream = new Http1ClientStream(this);
    }

    /// <summary>How far one direction of the exchange is.</summary>
    private enum Half : byte
    {
        None = 0,
        Head,
        Body,
        Over,
    }

    [System.Flags]
    private enum Conditions : byte
    {
        None = 0,
        AboveWatermark = 1,

        /// <summary>The connection takes no further stream.</summary>
        Spent = 2,

        /// <summary>The request asked for another protocol.</summary>
        Upgrade = 4,
    }

    public override HttpProtocol Protocol => HttpProtocol.Http11;

    public override int ActiveStreams => _receiver is null ? 0 : 1;

    public override uint MaxConcurrentStreams => 1;

    internal uint StreamNumber { get; private set; }

    internal long BufferedBytes => _transport.Output.Length;

    private bool IsSpent => (_is & Conditions.Spent) != 0;

    public override StreamSender NewStream(StreamReceiver responseReceiver)
    {
        Debug.Assert(_receiver is null && !IsSpent, "one stream at a time, on a reusable connection");
        StreamNumber++;
        _receiver = responseReceiver;
        _request = Half.Head;
        _response = Half.Head;
        _responseKind = Http1BodyKind.None;
        _informational = 0;
        _is &= ~Conditions.Upgrade;
        _reader.BeginHead(responseReceiver.HeadersToFill);
        if ((_is & Conditions.AboveWatermark) != 0)
        {
            responseReceiver.OnAboveWriteBufferHighWatermark();
        }

        return _stream;
    }

    public override ErrorDetail? OnData(in Slice data)
    {
        int taken = 0;
        while (taken < data.Length)
        {
            if (_receiver is null || _request == Half.Head || _response == Half.Over)
            {
                return RefuseUnsolicited();
            }

            Http1ReadEvent found = _reader.Read(data, ref taken, out Slice piece);
            ErrorDetail? error = found switch
            {
                Http1ReadEvent.NeedMore => null,
                Http1ReadEvent.Broken => Break(_reader.Error!),
                Http1ReadEvent.Head => DeliverHead(excess: taken < data.Length),
                _ => DeliverBody(found, piece, excess: taken < data.Length),
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    public override bool ResponseEndsWithConnection => _response == Half.Body && _reader.EndsWithConnection;

    public override void OnEndOfStream()
    {
        _is |= Conditions.Spent;
        if (_receiver is null)
        {
            return;
        }

        if (ResponseEndsWithConnection)
        {
            EndResponse();
            uint number = StreamNumber;
            _receiver.OnData(default, endStream: true);
            CloseIfOver(number);
            return;
        }

        if (_response != Half.Over)
        {
            ResetReceiver(StreamResetReason.ConnectionTermination, null);
        }
    }

    public override void GoAway() => _is |= Conditions.Spent;

    public override void OnTransportWatermark(bool above)
    {
        if (above)
        {
            _is |= Conditions.AboveWatermark;
            _receiver?.OnAboveWriteBufferHighWatermark();
        }
        else
        {
            _is &= ~Conditions.AboveWatermark;
            _receiver?.OnBelowWriteBufferLowWatermark();
        }
    }

    public override void OnConnectionClosed(StreamResetReason reason)
    {
        _is |= Conditions.Spent;
        if (_receiver is not null)
        {
            ResetReceiver(reason, null);
        }

        _reader.Abandon();
    }

    internal void EncodeHeaders(HeaderMap headers, bool endStream)
    {
        if (_receiver is null || _request != Half.Head)
        {
            return;
        }

        bool isKnown = Http1Methods.TryClassify(headers.Method, out _method);
        Debug.Assert(isKnown || !headers.Method.IsEmpty, "a request has a method");
        long length = Http1Fields.ContentLength(headers);
        bool isUpgrade = !endStream && length <= 0 && Http1Fields.IsUpgrade(headers);
        _is |= isUpgrade ? Conditions.Upgrade : Conditions.None;
        if (Http1Fields.SaysClose(headers))
        {
            _is |= Conditions.Spent;
        }

        Http1MessagePlan plan = Http1MessagePlan.OfRequest(_method, length, endStream, isUpgrade || _method == Http1Method.Connect);
        _writer = Http1BodyWriter.Begin(plan.Mode, length);
        _request = Half.Body;
        int slabBytes = _transport.Memory.Slabs.SlabBytes;
        Http1HeadWriter.WriteRequest(_transport.Output, slabBytes, headers, _method, plan.Framing, Http1ConnectionField.Keep, _settings);
        Finish(endStream);
    }

    internal void EncodeData(in Slice data, bool endStream)
    {
        if (_request == Half.Body)
        {
            _writer.Write(_transport.Output, data);
            Finish(endStream);
        }
    }

    internal void EncodeData(BufferChain data, bool endStream)
    {
        if (_request == Half.Body)
        {
            _writer.Write(_transport.Output, data);
            Finish(endStream);
        }
    }

    internal void EncodeTrailers(HeaderMap trailers)
    {
        if (_request == Half.Body)
        {
            _writer.End(_transport.Output, _transport.Memory.Slabs.SlabBytes, trailers, _settings);
            EndRequest();
        }
    }

    internal void ResetStream()
    {
        if (_receiver is not null)
        {
            _is |= Conditions.Spent;
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

    private ErrorDetail? DeliverHead(bool excess)
    {
        StreamReceiver receiver = _receiver!;
        ref Http1Head head = ref _reader.Head;
        if (head.Status / 100 == 1 && head.Status != 101)
        {
            if (++_informational > MaxInformational)
            {
                return Break(Http1Errors.Response.Codec);
            }

            uint informed = StreamNumber;
            receiver.OnInformationalHeaders();
            if (informed == StreamNumber && _receiver is not null)
            {
                _reader.BeginHead(_receiver.HeadersToFill);
            }

            return null;
        }

        bool isUpgrade = (_is & Conditions.Upgrade) != 0;
        ErrorDetail? error = Http1Framing.OfResponse(ref head, receiver.HeadersToFill, _settings, _method, isUpgrade, out _responseKind);
        if (error is not null)
        {
            return Break(error);
        }

        if (!head.IsPersistent || _responseKind is Http1BodyKind.UntilClose or Http1BodyKind.Tunnel)
        {
            _is |= Conditions.Spent;
        }

        bool endStream = _responseKind == Http1BodyKind.None;
        _reader.BeginBody(_responseKind, receiver.TrailersToFill);
        _response = Half.Body;
        RefuseTunnelRequest();
        if (endStream)
        {
            EndResponse();
            _is |= excess ? Conditions.Spent : Conditions.None;
        }

        uint number = StreamNumber;
        receiver.OnHeaders(endStream);
        CloseIfOver(number);
        return null;
    }

    private ErrorDetail? DeliverBody(Http1ReadEvent found, in Slice piece, bool excess)
    {
        StreamReceiver receiver = _receiver!;
        if (found == Http1ReadEvent.Data)
        {
            receiver.OnData(piece, endStream: false);
            return null;
        }

        EndResponse();
        _is |= excess ? Conditions.Spent : Conditions.None;
        uint number = StreamNumber;
        if (found == Http1ReadEvent.Trailers)
        {
            receiver.OnTrailers();
        }
        else
        {
            receiver.OnData(piece, endStream: true);
        }

        CloseIfOver(number);
        return null;
    }

    /// <summary>An ordinary answer to an upgrade: the request was complete with its head. To CONNECT: nothing more may be sent.</summary>
    private void RefuseTunnelRequest()
    {
        bool askedForTunnel = _method == Http1Method.Connect || (_is & Conditions.Upgrade) != 0;
        if (askedForTunnel && _responseKind != Http1BodyKind.Tunnel)
        {
            _request = Half.Over;
            _is |= Conditions.Spent;
        }
    }

    /// <summary>Bytes with no request to answer: at most the server's 408 before it closes; never the answer to the next request.</summary>
    private ErrorDetail RefuseUnsolicited()
    {
        _is |= Conditions.Spent;
        if (_receiver is not null && _response != Half.Over)
        {
            return Break(Http1Errors.Response.BodyDisallowed);
        }

        return Http1Errors.Response.BodyDisallowed;
    }

    private ErrorDetail Break(ErrorDetail error)
    {
        _is |= Conditions.Spent;
        if (_stats.IsValid)
        {
            _stats.Increment(Http1CodecStats.ProtocolError);
        }

        ResetReceiver(StreamResetReason.ProtocolError, error);
        return error;
    }

    private void Finish(bool endStream)
    {
        if (endStream)
        {
            _writer.End(_transport.Output);
            EndRequest();
            return;
        }

        _transport.OutputWritten();
    }

    private void EndRequest()
    {
        _request = Half.Over;
        if (_writer.IsShort)
        {
            _is |= Conditions.Spent;
        }

        _transport.OutputWritten();
        CloseIfOver(StreamNumber);
    }

    private void EndResponse()
    {
        _response = Half.Over;
        if (_request != Half.Over)
        {
            // The server answered before it had the request: what it does with the rest nobody knows.
            _is |= Conditions.Spent;
        }
    }

    private void CloseIfOver(uint number)
    {
        if (number == StreamNumber && _receiver is not null && _response == Half.Over && _request == Half.Over)
        {
            CloseStream();
        }
    }

    private void ResetReceiver(StreamResetReason reason, ErrorDetail? detail)
    {
        StreamReceiver receiver = _receiver!;
        _receiver = null;
        _request = Half.Over;
        _response = Half.Over;
        receiver.OnReset(reason, detail);
        CloseStream();
    }

    private void CloseStream()
    {
        _receiver = null;
        _request = Half.Over;
        _response = Half.Over;
        if (IsSpent)
        {
            _reader.Abandon();
        }

        while (_readDisables > 0)
        {
            _readDisables--;
            _transport.ReadDisable(false);
        }

        _owner.OnStreamClosed(!IsSpent);
    }
}
