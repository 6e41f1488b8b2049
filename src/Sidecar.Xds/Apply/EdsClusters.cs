using System.Collections.Generic;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>
/// The endpoints of every cluster of type EDS: subscribes when a cluster begins to warm, until it is replaced or removed. Thread: main.
/// </summary>
public sealed class EdsClusters : ClusterObserver
{
    private readonly SubscriptionFactory _subscriptions;
    private readonly ResourceTranslator<LoadAssignmentModel> _translator;
    private readonly ResourceObserver _observer;
    private readonly StatStore _stats;
    private readonly Dispatcher _main;
    private readonly Dictionary<string, ResourceNeed> _sources = [];
    private readonly Dictionary<Cluster, ClusterEndpoints> _byCluster = [];

    public EdsClusters(
        SubscriptionFactory subscriptions,
        ResourceTranslator<LoadAssignmentModel> translator,
        ResourceObserver observer,
        StatStore stats,
        Dispatcher main)
    {
        _subscriptions = subscriptions;
        _translator = translator;
        _observer = observer;
        _stats = stats;
        _main = main;
    }

    /// <summary>How many clusters have a subscription.</summary>
    public int Count => _byCluster.Count;

    /// <summary>Where a cluster's endpoints come from; call before the cluster is added, for static clusters too.</summary>
    public void SetSource(string cluster, IReadOnlyList<ResourceNeed> needs)
    {
        foreach (ResourceNeed need in needs)
        {
            if (need.TypeUrl == ResourceType.ClusterLoadAssignment.TypeUrl)
            {
                _sources[cluster] = need;
            }
        }
    }

    public override void OnWarming(Cluster cluster)
    {
        if (cluster.Model.Type != ClusterDiscoveryType.Eds)
        {
            return;
        }

        if (!_sources.TryGetValue(cluster.Name, out ResourceNeed? source))
        {
            Loggers.Upstream.Error($"cluster {cluster.Name} has no source of endpoints");
            cluster.OnInitialFetchTimeout();
            return;
        }

        SubscriptionStats stats = SubscriptionStats.ForEndpoints(_stats, _main, cluster.Model.StatScope);
        var endpoints = new ClusterEndpoints(this, cluster, source.Name, stats);
        _byCluster.Add(cluster, endpoints);
        endpoints.Start(_subscriptions.Create(source.Source, source.TypeUrl, endpoints, stats));
    }

    public override void OnRemoved(Cluster cluster)
    {
        if (!_byCluster.Remove(cluster, out ClusterEndpoints? endpoints))
        {
            return;
        }

        endpoints.Stop();
        foreach (Cluster other in _byCluster.Keys)
        {
            if (other.Name == cluster.Name)
            {
                return;
            }
        }

        _sources.Remove(cluster.Name);
        _observer.OnRemoved(ResourceType.ClusterLoadAssignment.TypeUrl, endpoints.Name);
    }

    private sealed class ClusterEndpoints(EdsClusters owner, Cluster cluster, string name, SubscriptionStats stats) : SubscriptionCallbacks
    {
        private readonly AppliedResources _applied = new();
        private Subscription? _subscription;

        public string Name => name;

        public void Start(Subscription subscription)
        {
            _subscription = subscription;
            subscription.Start([name]);
        }

        public void Stop()
        {
            _subscription?.Dispose();
            stats.Release();
        }

        public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
        {
            XdsResource? resource = Own(added);
            if (resource is null)
            {
                // The hosts stay: an assignment that is gone says nothing about a cluster that is still there.
                cluster.ConfigUpdateStats.Increment((int)ClusterConfigUpdateStat.UpdateEmpty);
                cluster.OnInitialFetchTimeout();
                return UpdateResult.Accepted;
            }

            return _applied.IsApplied(name, resource.Value) ? UpdateResult.Accepted : Apply(resource);
        }

        /// <summary>A cluster without endpoints must not keep the server from starting.</summary>
        public override void OnUpdateFailed(UpdateFailure reason) => cluster.OnInitialFetchTimeout();

        private UpdateResult Apply(XdsResource resource)
        {
            var errors = new ConfigErrors();
            LoadAssignmentModel? model = owner._translator.Translate(resource, errors, []);
            if (model is null || !errors.IsEmpty)
            {
                owner._observer.OnRejected(resource, errors.ToString());
                return UpdateResult.Rejected($"{name}: {errors}");
            }

            _applied.Set(name, resource.Value);
            owner._observer.OnAccepted(resource, isWarming: false);
            cluster.UpdateHosts(model);
            return UpdateResult.Accepted;
        }

        private XdsResource? Own(IReadOnlyList<XdsResource> added)
        {
            foreach (XdsResource resource in added)
            {
                if (resource.Name == name)
                {
                    return resource;
                }
            }

            return null;
        }
    }
}
