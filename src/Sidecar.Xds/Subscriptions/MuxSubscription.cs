using System.Collections.Generic;
using Sidecar.Xds.Mux;

namespace Sidecar.Xds.Subscriptions;

/// <summary>A subscription over a gRPC stream, shared (ADS) or its own. Thread: main.</summary>
internal sealed class MuxSubscription : Subscription
{
    private readonly XdsMux _mux;
    private readonly bool _ownsMux;
    private readonly string _typeUrl;
    private readonly SubscriptionDelivery _delivery;
    private readonly long _initialFetchTimeoutMs;
    private XdsWatch? _watch;

    /// <param name="mux">The stream.</param>
    /// <param name="ownsMux">The stream serves only this subscription: it starts and ends with it.</param>
    /// <param name="typeUrl">Of the resources.</param>
    /// <param name="delivery">To the user.</param>
    /// <param name="initialFetchTimeoutMs">0: none.</param>
    public MuxSubscription(XdsMux mux, bool ownsMux, string typeUrl, SubscriptionDelivery delivery, long initialFetchTimeoutMs)
    {
        _mux = mux;
        _ownsMux = ownsMux;
        _typeUrl = typeUrl;
        _delivery = delivery;
        _initialFetchTimeoutMs = initialFetchTimeoutMs;
    }

    public override void Start(IReadOnlyCollection<string> names)
    {
        _delivery.Begin(_initialFetchTimeoutMs);
        _watch = _mux.AddWatch(_typeUrl, names, new Watcher(_delivery));
        if (_ownsMux)
        {
            _mux.Start();
        }
    }

    public override void UpdateNames(IReadOnlyCollection<string> names)
    {
        _watch!.Update(names);
        _delivery.CountAttempt();
    }

    public override void Dispose()
    {
        _delivery.End();
        _watch?.Remove();
        if (_ownsMux)
        {
            _mux.Shutdown();
        }
    }

    private sealed class Watcher(SubscriptionDelivery delivery) : WatchCallbacks
    {
        public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version) =>
            delivery.Update(added, removed, version);

        public override void OnResponseRejected(string error) => delivery.Reject();

        public override void OnConnectionFailed() => delivery.Fail();
    }
}
