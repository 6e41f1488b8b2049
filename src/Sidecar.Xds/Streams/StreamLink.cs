using System;
using Sidecar.Core.Collections;
using Sidecar.Core.Logging;
using Sidecar.Event;
using Sidecar.Xds.Scheduling;
using Sidecar.Xds.Stats;

namespace Sidecar.Xds.Streams;

/// <summary>Told by a <see cref="StreamLink"/>. Thread: main.</summary>
internal abstract class StreamLinkOwner
{
    /// <summary>A new stream is open: everything must be said again.</summary>
    public abstract void OnStreamOpened();

    /// <summary>A message arrived. False: it was not a message of the protocol; the link drops the stream.</summary>
    public abstract bool OnMessage(ReadOnlyMemory<byte> message);

    /// <summary>The stream is gone or could not be opened; the link tries again by itself.</summary>
    public abstract void OnStreamLost(string reason);

    /// <summary>The rate limit lets requests go again.</summary>
    public abstract void OnWritable();
}

/// <summary>
/// Keeps one stream to a control plane open: opens it again with full jitter when it ends, limits the rate of requests, counts.
/// Thread: main.
/// </summary>
internal sealed class StreamLink
{
    private readonly Dispatcher _dispatcher;
    private readonly XdsStreamFactory _factory;
    private readonly StreamLinkOwner _owner;
    private readonly ControlPlaneStats _stats;
    private readonly JitteredBackOff _backOff;
    private readonly TokenBucket? _requests;
    private readonly ActionTimer _retry;
    private readonly ActionTimer _refill;
    private Session? _session;

    public StreamLink(
        Dispatcher dispatcher,
        XdsStreamFactory factory,
        StreamLinkOwner owner,
        ControlPlaneStats stats,
        StreamSettings settings,
        FastRandom random)
    {
        _dispatcher = dispatcher;
        _factory = factory;
        _owner = owner;
        _stats = stats;
        _backOff = new JitteredBackOff(settings.RetryBaseMs, settings.RetryMaxMs, random);
        _requests = settings.MaxRequestTokens == 0
            ? null
            : new TokenBucket(settings.MaxRequestTokens, settings.RequestsPerSecond, dispatcher.NowNs);
        _retry = new ActionTimer(dispatcher, Connect);
        _refill = new ActionTimer(dispatcher, owner.OnWritable);
    }

    public bool IsOpen => _session?.Stream is not null;

    /// <summary>Opens a stream now.</summary>
    public void Connect()
    {
        if (_session is not null)
        {
            return;
        }

        _retry.Disable();
        var session = new Session(this);
        _session = session;
        XdsStream? stream = _factory.Connect(session);
        if (_session != session)
        {
            return;
        }

        if (stream is null)
        {
            Lose($"no host of {_factory.Destination} to connect to");
            return;
        }

        session.Stream = stream;
        _stats.SetConnected(true);
        _owner.OnStreamOpened();
    }

    /// <summary>Whether a request may go out now; otherwise <see cref="StreamLinkOwner.OnWritable"/> follows.</summary>
    public bool MaySend()
    {
        if (_requests is null || _requests.TryTake(_dispatcher.NowNs))
        {
            return true;
        }

        _stats.CountRateLimited();
        if (!_refill.IsEnabled)
        {
            _refill.Enable(_requests.MsUntilNext(_dispatcher.NowNs));
        }

        return false;
    }

    public void Send(ReadOnlyMemory<byte> message) => _session!.Stream!.Send(message);

    /// <summary>Closes the stream and stays closed until <see cref="Connect"/>.</summary>
    public void Close()
    {
        _retry.Disable();
        _refill.Disable();
        _stats.SetConnected(false);
        _session?.Stream?.Reset();
        _session = null;
    }

    private void OnMessage(Session session, ReadOnlyMemory<byte> message)
    {
        if (session != _session)
        {
            return;
        }

        if (_owner.OnMessage(message))
        {
            // Only a message shows that the server works: one that accepts streams and drops them must not be hammered.
            _backOff.Reset();
        }
        else if (session == _session)
        {
            session.Stream?.Reset();
            Lose("the server sent what is no discovery response");
        }
    }

    private void Lose(string reason)
    {
        _session = null;
        _refill.Disable();
        _stats.SetConnected(false);
        long delayMs = _backOff.NextMs();
        Loggers.Config.Warning($"xDS stream to {_factory.Destination} closed: {reason}; next attempt in {delayMs} ms");
        _retry.Enable(delayMs);
        _owner.OnStreamLost(reason);
    }

    /// <summary>One stream's handler: events of a stream that was given up reach nobody.</summary>
    private sealed class Session(StreamLink link) : XdsStreamHandler
    {
        public XdsStream? Stream { get; set; }

        public override void OnMessage(ReadOnlyMemory<byte> message) => link.OnMessage(this, message);

        public override void OnClosed(int grpcStatus, string message)
        {
            if (link._session == this)
            {
                link.Lose($"gRPC status {grpcStatus}, {LogText.Escape(System.Text.Encoding.UTF8.GetBytes(message))}");
            }
        }
    }
}
