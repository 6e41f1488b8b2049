using System.Collections.Generic;
using Google.Protobuf;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Event.Slots;
using Sidecar.Proxy.Routing;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>
/// All subscribed route configurations by source and name. A listener's translation asks for slots; the listener then takes references,
/// and gives them back when its last connection is closed. Thread: main.
/// </summary>
public sealed class RdsProviders
{
    private readonly SubscriptionFactory _subscriptions;
    private readonly SlotAllocator _slots;
    private readonly StatStore _stats;
    private readonly Dictionary<(ByteString Source, string Name), RdsProvider> _providers = [];

    public RdsProviders(
        SubscriptionFactory subscriptions,
        SlotAllocator slots,
        ResourceTranslator<RouteTable> translator,
        ResourceObserver observer,
        StatStore stats,
        Dispatcher main)
    {
        _subscriptions = subscriptions;
        _slots = slots;
        Translator = translator;
        Observer = observer;
        _stats = stats;
        Main = main;
    }

    public int Count => _providers.Count;

    internal ResourceTranslator<RouteTable> Translator { get; }

    internal ResourceObserver Observer { get; }

    internal Dispatcher Main { get; }

    /// <summary>
    /// The slot that a connection manager's model reads, for the translation of listeners; the subscription starts when a listener is
    /// accepted, and <see cref="Sweep"/> drops what no accepted listener took.
    /// </summary>
    public Slot<RouteTable> SlotOf(ResourceNeed need) => Find(need).Slot;

    /// <summary>Takes a reference; the first one subscribes.</summary>
    public RdsProvider Acquire(ResourceNeed need)
    {
        RdsProvider provider = Find(need);
        if (provider.References++ == 0)
        {
            provider.Start(_subscriptions.Create(need.Source, need.TypeUrl, provider, provider.SubscriptionStats));
        }

        return provider;
    }

    /// <summary>Gives a reference back; the last one ends the subscription.</summary>
    public void Release(RdsProvider provider)
    {
        if (--provider.References == 0)
        {
            Drop(provider);
        }
    }

    /// <summary>Drops providers that a rejected listener asked for.</summary>
    public void Sweep()
    {
        foreach (RdsProvider provider in new List<RdsProvider>(_providers.Values))
        {
            if (provider.References == 0)
            {
                Drop(provider);
            }
        }
    }

    private RdsProvider Find(ResourceNeed need)
    {
        (ByteString Source, string Name) key = (need.Source.ToByteString(), need.Name);
        if (!_providers.TryGetValue(key, out RdsProvider? provider))
        {
            var stats = new SubscriptionStats(_stats, Main, need.StatScope);
            provider = new RdsProvider(this, need, _slots.Allocate<RouteTable>(), stats, _stats.Register(need.StatScope, RdsStats.Table));
            _providers.Add(key, provider);
        }

        return provider;
    }

    private void Drop(RdsProvider provider)
    {
        _providers.Remove((provider.Need.Source.ToByteString(), provider.Need.Name));
        provider.Stop(_stats);
        Observer.OnRemoved(ResourceType.RouteConfiguration.TypeUrl, provider.Need.Name);
    }
}
