using System.Collections.Generic;
using Sidecar.Core.Logging;
using Sidecar.Event;
using Sidecar.Xds.Scheduling;
using Sidecar.Xds.Stats;

namespace Sidecar.Xds.Subscriptions;

/// <summary>
/// Between a source and the user of a subscription: counts what comes as Envoy does, and watches the initial fetch timeout. Thread: main.
/// </summary>
internal sealed class SubscriptionDelivery
{
    private const long NsPerMs = 1_000_000;

    private readonly Dispatcher _dispatcher;
    private readonly SubscriptionCallbacks _callbacks;
    private readonly SubscriptionStats _stats;
    private readonly ActionTimer _fetchTimeout;
    private readonly string _typeUrl;

    public SubscriptionDelivery(Dispatcher dispatcher, SubscriptionCallbacks callbacks, SubscriptionStats stats, string typeUrl)
    {
        _dispatcher = dispatcher;
        _callbacks = callbacks;
        _stats = stats;
        _typeUrl = typeUrl;
        _fetchTimeout = new ActionTimer(dispatcher, OnFetchTimeout);
    }

    /// <summary>The subscription starts.</summary>
    /// <param name="initialFetchTimeoutMs">0: wait for ever.</param>
    public void Begin(long initialFetchTimeoutMs)
    {
        if (initialFetchTimeoutMs > 0)
        {
            _fetchTimeout.Enable(initialFetchTimeoutMs);
        }

        CountAttempt();
    }

    public void CountAttempt() => _stats.Increment(SubscriptionStat.UpdateAttempt);

    public UpdateResult Update(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        _fetchTimeout.Disable();
        long startNs = _dispatcher.Time.MonotonicNs;
        UpdateResult result = _callbacks.OnUpdate(added, removed, version);
        CountAttempt();
        if (result.IsAccepted)
        {
            _stats.OnSuccess(version, _dispatcher.Time.UnixNs / NsPerMs, (_dispatcher.Time.MonotonicNs - startNs) / NsPerMs);
        }
        else
        {
            _stats.Increment(SubscriptionStat.UpdateRejected);
            _callbacks.OnUpdateFailed(UpdateFailure.UpdateRejected);
        }

        return result;
    }

    /// <summary>A response was refused before the user saw it.</summary>
    public void Reject()
    {
        _fetchTimeout.Disable();
        CountAttempt();
        _stats.Increment(SubscriptionStat.UpdateRejected);
        _callbacks.OnUpdateFailed(UpdateFailure.UpdateRejected);
    }

    /// <summary>The source cannot be reached or read; the user keeps what he has and, at first, goes on waiting.</summary>
    public void Fail()
    {
        CountAttempt();
        _stats.Increment(SubscriptionStat.UpdateFailure);
    }

    /// <summary>As <see cref="Fail"/>, for a source that does not try again by itself: nobody should wait for it.</summary>
    public void GiveUp()
    {
        Fail();
        _callbacks.OnUpdateFailed(UpdateFailure.FetchTimedOut);
    }

    public void End() => _fetchTimeout.Disable();

    private void OnFetchTimeout()
    {
        Loggers.Config.Warning($"initial fetch timed out for {_typeUrl}");
        CountAttempt();
        _stats.Increment(SubscriptionStat.InitFetchTimeout);
        _callbacks.OnUpdateFailed(UpdateFailure.FetchTimedOut);
    }
}
