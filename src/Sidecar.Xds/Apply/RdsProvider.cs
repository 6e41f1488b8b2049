using System.Collections.Generic;
using Sidecar.Config.Tree;
using Sidecar.Core.Stats;
using Sidecar.Event.Slots;
using Sidecar.Proxy.Routing;
using Sidecar.Xds.Init;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>
/// One subscribed route configuration, shared by all connection managers that name it;
/// publishes its tables to a slot. Thread: main.
/// </summary>
public sealed class RdsProvider : SubscriptionCallbacks
{
    private readonly RdsProviders _owner;
    private readonly AppliedResources _applied = new();
    private readonly SubscriptionStats _stats;
    private readonly StatStore.Instance _reloadInstance;
    private readonly StatBlock _reloadStats;
    private readonly List<InitTarget> _waiting = [];
    private Subscription? _subscription;

    internal RdsProvider(RdsProviders owner, ResourceNeed need, Slot<RouteTable> slot, SubscriptionStats stats, StatStore.Instance reloads)
    {
        _owner = owner;
        Need = need;
        Slot = slot;
        _stats = stats;
        _reloadInstance = reloads;
        _reloadStats = owner.Main.Stats.Block(reloads.Range);
    }

    /// <summary>What the workers read; empty until the first table came.</summary>
    public Slot<RouteTable> Slot { get; }

    /// <summary>A table came, or was given up: listeners need wait no longer.</summary>
    public bool IsReady { get; private set; }

    internal ResourceNeed Need { get; }

    internal SubscriptionStats SubscriptionStats => _stats;

    internal int References { get; set; }

    /// <summary>Something that becomes ready with the provider.</summary>
    public InitTarget CreateTarget()
    {
        var target = new InitTarget($"RDS {Need.Name}", static () => { });
        if (IsReady)
        {
            target.Ready();
        }
        else
        {
            _waiting.Add(target);
        }

        return target;
    }

    public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        foreach (XdsResource resource in added)
        {
            if (resource.Name == Need.Name && !_applied.IsApplied(resource.Name, resource.Value))
            {
                return Apply(resource);
            }
        }

        // A route configuration that is removed goes on until its listeners do, as in Envoy; nobody should wait for one that is not there.
        SetReady();
        return UpdateResult.Accepted;
    }

    public override void OnUpdateFailed(UpdateFailure reason) => SetReady();

    internal void Start(Subscription subscription)
    {
        _subscription = subscription;
        subscription.Start([Need.Name]);
    }

    internal void Stop(StatStore store)
    {
        _subscription?.Dispose();
        _stats.Release();
        _ = store.Release(_reloadInstance);
        Slot.Dispose();
    }

    private UpdateResult Apply(XdsResource resource)
    {
        var errors = new ConfigErrors();
        RouteTable? table = _owner.Translator.Translate(resource, errors, []);
        if (table is null || !errors.IsEmpty)
        {
            _owner.Observer.OnRejected(resource, errors.ToString());
            return UpdateResult.Rejected($"{Need.Name}: {errors}");
        }

        _applied.Set(resource.Name, resource.Value);
        Slot.Publish(table);
        _reloadStats.Increment((int)RdsStat.ConfigReload);
        _reloadStats.Set((int)RdsStat.ConfigReloadTimeMs, _owner.Main.Time.UnixNs / 1_000_000);
        _owner.Observer.OnAccepted(resource, isWarming: false);
        SetReady();
        return UpdateResult.Accepted;
    }

    private void SetReady()
    {
        IsReady = true;
        InitTarget[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach (InitTarget target in waiting)
        {
            target.Ready();
        }
    }
}
