using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Event;
using Sidecar.Event.Timers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Pools;

namespace Sidecar.Upstream.AsyncClient;

/// <summary>
/// One request of our own. What is sent before the pool has a connection waits here. Thread: the dispatcher's.
/// </summary>
/// <remarks>
/// <code>
///   waiting --pool ready--> open --both halves ended--> closed
///      \---- pool failed, reset, timeout ----------------^
/// </code>
/// </remarks>
public sealed class AsyncHttpStream
{
    private readonly Dispatcher _dispatcher;
    private readonly AsyncStreamCallbacks _callbacks;
    private readonly PoolListener _poolListener;
    private readonly ResponseReceiver _receiver;
    private readonly BufferChain _body;
    private readonly ResponseTimeout? _timeout;
    private HeaderMap? _headers;
    private HeaderMap? _trailers;
    private StreamSender? _sender;
    private PendingStream? _pending;
    private bool _headSent;
    private bool _localEnded;
    private bool _remoteEnded;

    internal AsyncHttpStream(Dispatcher dispatcher, AsyncStreamCallbacks callbacks, long timeoutMs)
    {
        _dispatcher = dispatcher;
        _callbacks = callbacks;
        _poolListener = new PoolListener(this);
        _receiver = new ResponseReceiver(this);
        _body = new BufferChain(dispatcher.Memory.Slabs);
        if (timeoutMs > 0)
        {
            _timeout = new ResponseTimeout(this, dispatcher);
            _timeout.Enable(timeoutMs);
        }
    }

    /// <summary>True once nothing can be sent and nothing will be told.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Bytes that wait for a connection or for the peer's window.</summary>
    public long BufferedBytes => _body.Length + (_sender?.BufferedBytes ?? 0);

    internal PoolStreamCallbacks PoolCallbacks => _poolListener;

    internal StreamReceiver Receiver => _receiver;

    /// <summary>Sends the head; the map is the stream's from here on.</summary>
    public void SendHeaders(HeaderMap headers, bool endStream)
    {
        if (IsClosed)
        {
            return;
        }

        _headers = headers;
        _localEnded = endStream;
        Flush();
    }

    /// <summary>Sends a piece of the body; the bytes are copied.</summary>
    public void SendData(ReadOnlySpan<byte> data, bool endStream)
    {
        if (IsClosed || _localEnded)
        {
            return;
        }

        _body.Append(data);
        _localEnded = endStream;
        Flush();
    }

    /// <summary>Sends trailers and ends the request.</summary>
    public void SendTrailers(HeaderMap trailers)
    {
        if (IsClosed || _localEnded)
        {
            return;
        }

        _trailers = trailers;
        _localEnded = true;
        Flush();
    }

    /// <summary>Gives up; nothing more is told.</summary>
    public void Reset()
    {
        if (IsClosed)
        {
            return;
        }

        StreamSender? sender = _sender;
        PendingStream? pending = _pending;
        Close();
        pending?.Cancel();
        if (!(_localEnded && _remoteEnded))
        {
            // After both halves have ended the codec has the sender back.
            sender?.Reset(StreamResetReason.LocalReset);
        }
    }

    /// <summary>Gives up and tells so as a reset at the end of this iteration.</summary>
    internal void FailLater(StreamResetReason reason, string detail) =>
        _dispatcher.CreateCallback(new LateReset(this, reason, detail)).ScheduleCurrentIteration();

    /// <summary>Asks a pool for the stream.</summary>
    internal void Open(ConnectionPool pool)
    {
        _poolListener.IsAsking = true;
        PendingStream? pending = pool.NewStream(_poolListener, _receiver);
        _poolListener.IsAsking = false;
        if (!IsClosed && _sender is null)
        {
            _pending = pending;
        }
    }

    private void Flush()
    {
        if (_sender is not { } sender || _headers is null)
        {
            return;
        }

        if (!_headSent)
        {
            _headSent = true;
            bool endsWithHead = _localEnded && _body.IsEmpty && _trailers is null;
            sender.EncodeHeaders(_headers, endsWithHead);
            if (endsWithHead)
            {
                CloseIfDone();
                return;
            }
        }

        FlushBody();
        CloseIfDone();
    }

    private void FlushBody()
    {
        // The codec may reset the stream from inside an encode call.
        bool endsWithData = _localEnded && _trailers is null;
        if (!_body.IsEmpty || endsWithData)
        {
            _sender?.EncodeData(_body, endsWithData);
        }

        if (_trailers is not null)
        {
            _sender?.EncodeTrailers(_trailers);
        }
    }

    private void CloseIfDone()
    {
        if (_localEnded && _remoteEnded)
        {
            Close();
        }
    }

    private void Close()
    {
        IsClosed = true;
        _sender = null;
        _pending = null;
        _timeout?.Disable();
        _body.Clear();
    }

    private void OnPoolReady(StreamSender sender)
    {
        _pending = null;
        if (IsClosed)
        {
            sender.Reset(StreamResetReason.LocalReset);
            return;
        }

        _sender = sender;
        Flush();
    }

    private void OnReset(StreamResetReason reason, string detail)
    {
        if (!IsClosed)
        {
            Close();
            _callbacks.OnReset(reason, detail);
        }
    }

    private void Fail(StreamResetReason reason, string detail)
    {
        if (!IsClosed)
        {
            Reset();
            _callbacks.OnReset(reason, detail);
        }
    }

    private sealed class PoolListener(AsyncHttpStream stream) : PoolStreamCallbacks
    {
        /// <summary>The pool is answering from inside the call that asks it.</summary>
        public bool IsAsking { get; set; }

        public override void OnPoolReady(StreamSender sender, PooledConnection connection) => stream.OnPoolReady(sender);

        public override void OnPoolFailure(PoolFailureReason reason, HostWorkerState host, string? transportFailure)
        {
            stream._pending = null;
            StreamResetReason reset = reason switch
            {
                PoolFailureReason.Overflow => StreamResetReason.Overflow,
                PoolFailureReason.Timeout => StreamResetReason.ConnectionTimeout,
                _ => StreamResetReason.ConnectionFailure,
            };
            string detail = transportFailure ?? string.Empty;
            if (IsAsking)
            {
                // Whoever starts a stream does not expect to hear of its end before he has it.
                stream.FailLater(reset, detail);
                return;
            }

            stream.OnReset(reset, detail);
        }
    }

    private sealed class LateReset(AsyncHttpStream stream, StreamResetReason reason, string detail) : CallbackHandler
    {
        public override void OnCallback(SchedulableCallback callback) => stream.Fail(reason, detail);
    }

    private sealed class ResponseTimeout(AsyncHttpStream stream, Dispatcher dispatcher) : TimerNode(dispatcher)
    {
        protected override void OnFired() => stream.Fail(StreamResetReason.LocalReset, "no response in time");
    }

    private sealed class ResponseReceiver(AsyncHttpStream stream) : StreamReceiver
    {
        public override HeaderMap HeadersToFill { get; } = new();

        public override HeaderMap TrailersToFill { get; } = new();

        public override void OnHeaders(bool endStream)
        {
            stream._remoteEnded = endStream;
            stream._callbacks.OnHeaders(HeadersToFill, endStream);
            End(endStream);
        }

        public override void OnInformationalHeaders() => HeadersToFill.Clear();

        public override void OnData(in Slice data, bool endStream)
        {
            if (!stream.IsClosed)
            {
                stream._remoteEnded = endStream;
                stream._callbacks.OnData(in data, endStream);
                End(endStream);
            }
        }

        public override void OnTrailers()
        {
            if (!stream.IsClosed)
            {
                stream._remoteEnded = true;
                stream._callbacks.OnTrailers(TrailersToFill);
                End(true);
            }
        }

        public override void OnReset(StreamResetReason reason, ErrorDetail? detail) =>
            stream.OnReset(reason, detail?.ToString() ?? string.Empty);

        public override void OnAboveWriteBufferHighWatermark()
        {
        }

        public override void OnBelowWriteBufferLowWatermark()
        {
        }

        private void End(bool ended)
        {
            if (ended && !stream.IsClosed)
            {
                stream.CloseIfDone();
            }
        }
    }
}
