using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sidecar.Core.Buffers;
using Sidecar.Event;
using Sidecar.Event.Io;
using Sidecar.Network.TransportSockets;

namespace Sidecar.Network.Connections;

/// <summary>
/// One TCP or Unix-domain connection of a worker, downstream or upstream: reads go through the transport socket to a
/// <see cref="ReadPath"/>, writes are collected in <see cref="WriteBuffer"/> and leave once an iteration. Owned by whoever created it
/// (listener, pool); after its close event it must not be used. Thread: its worker.
/// </summary>
/// <remarks>
/// <code>
///   wire -> StreamSocket -> TransportSocket -> ReadPath (filters, or a pooled connection's codec)
///   owner -> WriteBuffer -> TransportSocket -> StreamSocket.Output -> wire        (end of the iteration)
/// </code>
/// </remarks>
public sealed class Connection : StreamHandler
{
    private readonly WriteWatermarks _watermarks;
    private readonly BufferChain? _plaintext;
    private readonly TransportSocket _transport;
    private readonly ReadPath _reader;
    private StreamSocket? _socket;
    private CallbackList _callbacks;
    private DelayedClose? _delayedClose;
    private ConnectionCloseType _closeType;
    private int _readDisableCount;
    private bool _halfCloseEnabled;
    private bool _localEnded;
    private bool _remoteEnded;
    private bool _ready;

    /// <param name="dispatcher">The worker's.</param>
    /// <param name="info">Its ends.</param>
    /// <param name="transport">Raw or TLS.</param>
    /// <param name="reader">Where arriving bytes go; told of nothing else.</param>
    public Connection(Dispatcher dispatcher, ConnectionInfo info, TransportSocket transport, ReadPath reader)
    {
        Dispatcher = dispatcher;
        Info = info;
        _transport = transport;
        _reader = reader;
        _watermarks = new WriteWatermarks(this);
        if (!transport.IsPassThrough)
        {
            _plaintext = new BufferChain(dispatcher.Memory.Slabs);
        }
    }

    public Dispatcher Dispatcher { get; }

    public ConnectionInfo Info { get; }

    public ConnectionState State { get; private set; }

    /// <summary>The descriptor, for socket options; -1 once it is closed.</summary>
    public int Fd => _socket?.Fd ?? -1;

    /// <summary>The transport socket: application protocol, failure reason.</summary>
    public TransportSocket Transport => _transport;

    /// <summary>Where owners append what is to be sent; follow with <see cref="ScheduleFlush"/>.</summary>
    public BufferChain WriteBuffer => _plaintext ?? _socket!.Output;

    /// <summary>Bytes read from the wire.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Bytes written to the wire.</summary>
    public long BytesSent { get; private set; }

    /// <summary>The errno of a failed connection, 0 otherwise.</summary>
    public int FailureErrno { get; private set; }

    /// <summary>True from the first <see cref="ReadDisable"/> until the last one is undone.</summary>
    public bool IsReadDisabled => _readDisableCount > 0;

    /// <summary>The peer has sent its FIN.</summary>
    public bool RemoteEnded => _remoteEnded;

    /// <summary>How long a <see cref="ConnectionCloseType.FlushWriteAndDelay"/> waits for the peer; 0 does not wait. Milliseconds.</summary>
    public long DelayedCloseTimeoutMs { get; set; } = 1000;

    /// <summary>The buffer limit from the start, in bytes; see <see cref="SetBufferLimit"/>.</summary>
    public int InitialBufferLimit { get; init; }

    /// <summary>Takes an accepted descriptor.</summary>
    public void StartAccepted(int fd)
    {
        State = ConnectionState.Open;
        _socket = Dispatcher.Adopt(fd, this);
        SetBufferLimit(InitialBufferLimit);
        _transport.OnConnected(this);
    }

    /// <summary>Connects a fresh non-blocking descriptor; <see cref="ConnectionEvent.Connected"/> or a close event follows, never inside the call.</summary>
    public void StartConnecting(int fd)
    {
        State = ConnectionState.Connecting;
        _socket = Dispatcher.Connect(fd, Info.RemoteAddress.Sockaddr, this);
        SetBufferLimit(InitialBufferLimit);
    }

    /// <summary>At most three listeners of events, told in the order in which they came.</summary>
    public void AddCallbacks(ConnectionCallbacks callbacks) => _callbacks.Add(callbacks);

    /// <summary>Watermarks of unsent bytes; 0 for none.</summary>
    public void SetBufferLimit(int bytes)
    {
        BufferLimit = bytes;
        WriteBuffer.SetWatermarks(bytes, _watermarks);
    }

    /// <summary>The limit given to <see cref="SetBufferLimit"/>, which also bounds what a stopped filter chain holds.</summary>
    public int BufferLimit { get; private set; }

    /// <summary>With it a FIN ends one direction only; without it, it closes the connection.</summary>
    public void EnableHalfClose(bool enabled) => _halfCloseEnabled = enabled;

    /// <summary>What was appended to <see cref="WriteBuffer"/> leaves by the end of this iteration.</summary>
    public void ScheduleFlush()
    {
        if (State is ConnectionState.Closed)
        {
            return;
        }

        if (_plaintext is not null)
        {
            if (_ready)
            {
                _transport.Encrypt(_plaintext, _socket!.Output);
            }
            else
            {
                return;
            }
        }

        _socket!.ScheduleFlush();
    }

    /// <summary>Moves bytes to the write buffer; with <paramref name="endStream"/> our FIN follows them.</summary>
    public void Write(BufferChain data, bool endStream)
    {
        Debug.Assert(!_localEnded, "write after the end");
        WriteBuffer.Move(data);
        ScheduleFlush();
        if (endStream)
        {
            _localEnded = true;
            _socket!.ShutdownWrite();
            CloseWhenBothEnded();
        }
    }

    /// <summary>Counted: each true needs a false. While positive nothing is read: the kernel's window is the back-pressure.</summary>
    public void ReadDisable(bool disable)
    {
        if (State is ConnectionState.Closing or ConnectionState.Closed)
        {
            return;
        }

        if (disable)
        {
            if (_readDisableCount++ == 0)
            {
                _socket!.PauseReading();
            }

            return;
        }

        Debug.Assert(_readDisableCount > 0, "read enabled more often than disabled");
        if (--_readDisableCount == 0)
        {
            _socket!.ResumeReading();
        }
    }

    /// <summary>Closes; the close event comes before the call returns unless bytes are still to be sent.</summary>
    public void Close(ConnectionCloseType type)
    {
        if (State is ConnectionState.Closed)
        {
            return;
        }

        bool immediate = type is ConnectionCloseType.NoFlush or ConnectionCloseType.AbortReset
            || State is ConnectionState.Connecting
            || (WriteBuffer.IsEmpty && (_plaintext is null || _socket!.Output.IsEmpty) && (type == ConnectionCloseType.FlushWrite || _remoteEnded));
        if (immediate)
        {
            CloseNow(ConnectionEvent.LocalClose, reset: type == ConnectionCloseType.AbortReset);
            return;
        }

        if (State == ConnectionState.Closing)
        {
            return;
        }

        BeginFlushingClose(type);
    }

    /// <summary>Asks the connection to end when what it is doing is done.</summary>
    public void Drain()
    {
        if (State == ConnectionState.Open)
        {
            _reader.OnDrain();
        }
    }

    /// <summary>A filter that had stopped the chain lets it go on.</summary>
    public void ContinueReading() => _reader.Continue(this);

    public override void OnConnected() => _transport.OnConnected(this);

    public override void OnData(in Slice data)
    {
        BytesReceived += data.Length;
        if (State == ConnectionState.Open)
        {
            _transport.OnReceived(this, in data);
        }
    }

    public override void OnEndOfStream()
    {
        if (State == ConnectionState.Closing)
        {
            // The peer has seen our FIN or no longer cares: nothing is left to wait for once the buffer is empty.
            _remoteEnded = true;
            if (WriteBuffer.IsEmpty)
            {
                CloseNow(ConnectionEvent.LocalClose, reset: false);
            }

            return;
        }

        _transport.OnReceivedEnd(this);
    }

    public override void OnClosed(int errno)
    {
        FailureErrno = errno;
        _socket = null;
        CloseNow(State == ConnectionState.Closing ? ConnectionEvent.LocalClose : ConnectionEvent.RemoteClose, reset: false);
    }

    public override void OnSent(long bytes)
    {
        BytesSent += bytes;
        _callbacks.RaiseSent(bytes);
        if (State == ConnectionState.Closing && _socket is not null && _socket.Output.IsEmpty && WriteBuffer.IsEmpty)
        {
            OnFlushed();
        }
    }

    /// <summary>The transport's handshake is complete (at once for raw ones).</summary>
    public void OnTransportReady()
    {
        _ready = true;
        bool connecting = State == ConnectionState.Connecting;
        State = ConnectionState.Open;
        if (connecting)
        {
            _callbacks.Raise(ConnectionEvent.Connected);
        }

        if (State == ConnectionState.Open)
        {
            _reader.Begin(this);
        }

        if (State == ConnectionState.Open && !WriteBuffer.IsEmpty)
        {
            ScheduleFlush();
        }
    }

    /// <summary>The transport has bytes for the reader.</summary>
    public void OnPlaintext(in Slice data)
    {
        if (State == ConnectionState.Open)
        {
            _reader.OnData(this, in data);
        }
    }

    /// <summary>The transport has seen the peer's clean end.</summary>
    public void OnPlaintextEnd()
    {
        _remoteEnded = true;
        if (!_halfCloseEnabled)
        {
            CloseNow(ConnectionEvent.RemoteClose, reset: false);
            return;
        }

        _reader.OnEnd(this);
        CloseWhenBothEnded();
    }

    /// <summary>The transport failed (handshake, decryption): closes and reports <see cref="TransportSocket.FailureReason"/>.</summary>
    public void OnTransportFailed() => CloseNow(ConnectionEvent.RemoteClose, reset: false);

    internal void OnDelayedCloseTimeout() => CloseNow(ConnectionEvent.LocalClose, reset: false);

    private void BeginFlushingClose(ConnectionCloseType type)
    {
        State = ConnectionState.Closing;
        _closeType = type;
        // What still arrives is dropped, but read: a paused socket would never show the peer's FIN.
        if (_readDisableCount > 0)
        {
            _readDisableCount = 0;
            _socket!.ResumeReading();
        }

        // A peer that stops reading must not keep the connection: the timeout also bounds the flush.
        if (DelayedCloseTimeoutMs > 0)
        {
            _delayedClose ??= new DelayedClose(this);
            _delayedClose.Arm(DelayedCloseTimeoutMs);
        }

        if (WriteBuffer.IsEmpty && _socket!.Output.IsEmpty)
        {
            OnFlushed();
        }
        else
        {
            _socket!.ScheduleFlush();
        }
    }

    private void OnFlushed()
    {
        if (_closeType == ConnectionCloseType.FlushWriteAndDelay && DelayedCloseTimeoutMs > 0 && !_remoteEnded)
        {
            if (!_localEnded)
            {
                _localEnded = true;
                _socket!.ShutdownWrite();
            }

            _delayedClose!.Arm(DelayedCloseTimeoutMs);
            return;
        }

        CloseNow(ConnectionEvent.LocalClose, reset: false);
    }

    private void CloseWhenBothEnded()
    {
        if (_localEnded && _remoteEnded && State == ConnectionState.Open)
        {
            Close(ConnectionCloseType.FlushWrite);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CloseNow(ConnectionEvent closeEvent, bool reset)
    {
        if (State == ConnectionState.Closed)
        {
            return;
        }

        State = ConnectionState.Closed;
        _delayedClose?.Disarm();
        if (_socket is not null)
        {
            _transport.OnClosing(_socket.Output);
            _socket.Close(reset);
        }

        _reader.OnClosed();
        _callbacks.Raise(closeEvent);
        _plaintext?.Clear();
    }

    /// <summary>The write buffer's watermarks, passed to everyone who listens.</summary>
    private sealed class WriteWatermarks(Connection connection) : WatermarkListener
    {
        public override void OnAboveHighWatermark() => connection._callbacks.RaiseWatermark(above: true);

        public override void OnBelowLowWatermark() => connection._callbacks.RaiseWatermark(above: false);
    }

    [InlineArray(Capacity)]
    private struct CallbackSlots
    {
        public const int Capacity = 4;

        private ConnectionCallbacks? _element;
    }

    private struct CallbackList
    {
        private CallbackSlots _slots;
        private int _count;

        public void Add(ConnectionCallbacks callbacks) => _slots[_count++] = callbacks;

        public readonly void Raise(ConnectionEvent connectionEvent)
        {
            for (int i = 0; i < _count; i++)
            {
                _slots[i]!.OnEvent(connectionEvent);
            }
        }

        public readonly void RaiseWatermark(bool above)
        {
            for (int i = 0; i < _count; i++)
            {
                if (above)
                {
                    _slots[i]!.OnAboveWriteBufferHighWatermark();
                }
                else
                {
                    _slots[i]!.OnBelowWriteBufferLowWatermark();
                }
            }
        }

        public readonly void RaiseSent(long bytes)
        {
            for (int i = 0; i < _count; i++)
            {
                _slots[i]!.OnBytesSent(bytes);
            }
        }
    }
}
