using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Google.Protobuf;
using Sidecar.Core.Logging;
using Sidecar.Event;
using Sidecar.Xds.Scheduling;
using Sidecar.Xds.Streams;

namespace Sidecar.Xds.Mux;

/// <summary>
/// All subscriptions that share one stream to a control plane (ADS, or one type's own service). Knows no socket: a stream factory goes in,
/// resources come out. Requests of one iteration are gathered and sent at its end. Thread: main.
/// </summary>
public abstract class XdsMux
{
    private readonly MuxContext _context;
    private readonly StreamLink _link;
    private readonly SchedulableCallback _flush;
    private readonly Dictionary<string, TypeSubscription> _byTypeUrl = [];

    /// <summary>In the order in which their requests go out.</summary>
    private readonly List<TypeSubscription> _ordered = [];

    private bool _sentOnStream;

    private protected XdsMux(MuxContext context)
    {
        _context = context;
        _flush = context.Dispatcher.CreateCallback(new ActionCallback(Flush));
        _link = new StreamLink(
            context.Dispatcher, context.Streams, new LinkOwner(this), context.Stats, context.StreamSettings, context.Random);
    }

    /// <summary>A stream is open (perhaps not yet answered).</summary>
    public bool IsConnected => _link.IsOpen;

    /// <summary>What the server calls itself (<c>control_plane.identifier</c>); empty until it says so.</summary>
    public string ControlPlaneIdentifier => _context.Stats.Identifier;

    private protected MuxContext Context => _context;

    /// <summary>Connects, and stays connected. Watches may be added before and after.</summary>
    public void Start() => _link.Connect();

    /// <summary>Closes the stream; what was received stays with its users.</summary>
    public void Shutdown()
    {
        _link.Close();
        _flush.Cancel();
    }

    /// <summary>Subscribes.</summary>
    /// <param name="typeUrl">The resources' type.</param>
    /// <param name="names">Which ones; empty, or <see cref="XdsWatch.Wildcard"/> among them, for all.</param>
    /// <param name="callbacks">Told from the event loop, never from inside this call.</param>
    public XdsWatch AddWatch(string typeUrl, IReadOnlyCollection<string> names, WatchCallbacks callbacks)
    {
        TypeSubscription subscription = SubscriptionOf(typeUrl);
        var watch = new XdsWatch(this, subscription, callbacks);
        UpdateWatch(watch, names.Count == 0 ? [XdsWatch.Wildcard] : [.. names]);
        return watch;
    }

    /// <summary>
    /// Holds requests of some types back (answers too) until the result is disposed: what a response of another type asks for goes out in
    /// one request when it has been applied as a whole. Nests.
    /// </summary>
    public IDisposable Pause(params ReadOnlySpan<string> typeUrls)
    {
        var paused = new List<TypeSubscription>(typeUrls.Length);
        foreach (string typeUrl in typeUrls)
        {
            TypeSubscription subscription = SubscriptionOf(typeUrl);
            subscription.Pause();
            paused.Add(subscription);
        }

        return new PauseHandle(this, paused);
    }

    internal void UpdateWatch(XdsWatch watch, HashSet<string> names)
    {
        InterestChange change = watch.Subscription.Watches.Update(watch, names);
        watch.Subscription.OnInterestChanged(change);
        ScheduleFlush();
    }

    private protected abstract TypeSubscription CreateSubscription(ResourceType type, Action onReleased);

    /// <summary>Reads one message and applies it.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    private protected abstract void Receive(ReadOnlySpan<byte> message);

    /// <summary>The subscription that a response is for; null, with a warning, when there is none.</summary>
    private protected TypeSubscription? Find(string typeUrl, ControlPlane? controlPlane)
    {
        if (controlPlane is not null)
        {
            _context.Stats.SetIdentifier(controlPlane.Identifier);
        }

        if (_byTypeUrl.TryGetValue(typeUrl, out TypeSubscription? subscription))
        {
            return subscription;
        }

        Loggers.Config.Warning($"the xDS server sent resources of type {typeUrl}, to which nothing is subscribed; ignored");
        return null;
    }

    private TypeSubscription SubscriptionOf(string typeUrl)
    {
        if (!_byTypeUrl.TryGetValue(typeUrl, out TypeSubscription? subscription))
        {
            subscription = CreateSubscription(ResourceType.Of(typeUrl), ScheduleFlush);
            _byTypeUrl.Add(typeUrl, subscription);
            int index = _ordered.FindIndex(s => s.Type.Order > subscription.Type.Order);
            _ordered.Insert(index < 0 ? _ordered.Count : index, subscription);
        }

        return subscription;
    }

    private void ScheduleFlush() => _flush.ScheduleCurrentIteration();

    private void Flush()
    {
        foreach (TypeSubscription subscription in _ordered.ToArray())
        {
            if (subscription.Watches.HasReplays)
            {
                subscription.Watches.Replay();
            }
        }

        while (_link.IsOpen && NextToSend() is { } subscription && _link.MaySend())
        {
            Send(subscription);
        }

        int pending = 0;
        foreach (TypeSubscription subscription in _ordered)
        {
            pending += subscription.AckCount;
        }

        _context.Stats.SetPendingRequests(pending);
    }

    /// <summary>Answers before news; an answer takes its type's news with it.</summary>
    private TypeSubscription? NextToSend()
    {
        foreach (TypeSubscription subscription in _ordered)
        {
            if (!subscription.IsPaused && subscription.HasAckToSend)
            {
                return subscription;
            }
        }

        foreach (TypeSubscription subscription in _ordered)
        {
            if (!subscription.IsPaused && subscription.HasNews)
            {
                return subscription;
            }
        }

        return null;
    }

    private void Send(TypeSubscription subscription)
    {
        PendingAck? ack = subscription.HasAckToSend ? subscription.TakeAck() : subscription.TakeHeldAck();
        Node? node = _sentOnStream && _context.NodeOnFirstMessageOnly ? null : _context.Node;
        _sentOnStream = true;
        _link.Send(subscription.BuildRequest(ack, node));
    }

    private void OnStreamOpened()
    {
        _sentOnStream = false;
        foreach (TypeSubscription subscription in _ordered)
        {
            subscription.OnStreamOpened();
        }

        ScheduleFlush();
    }

    private bool OnMessage(ReadOnlyMemory<byte> message)
    {
        try
        {
            Receive(message.Span);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            Loggers.Config.Warning($"malformed discovery response of {message.Length} bytes: {malformed.Message}");
            return false;
        }

        ScheduleFlush();
        return true;
    }

    private void OnStreamLost()
    {
        // A copy: users may subscribe to more when they hear of the failure.
        foreach (TypeSubscription subscription in _ordered.ToArray())
        {
            subscription.OnConnectionFailed();
        }
    }

    private sealed class LinkOwner(XdsMux mux) : StreamLinkOwner
    {
        public override void OnStreamOpened() => mux.OnStreamOpened();

        public override bool OnMessage(ReadOnlyMemory<byte> message) => mux.OnMessage(message);

        public override void OnStreamLost(string reason) => mux.OnStreamLost();

        public override void OnWritable() => mux.ScheduleFlush();
    }

    private sealed class PauseHandle(XdsMux mux, List<TypeSubscription> paused) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            paused.ForEach(static subscription => subscription.Resume());
            mux.ScheduleFlush();
        }
    }
}
