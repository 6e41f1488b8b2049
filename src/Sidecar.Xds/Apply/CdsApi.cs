using System;
using System.Collections.Generic;
using Sidecar.Config.Tree;
using Sidecar.Upstream.Clusters;
using Sidecar.Xds.Init;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>
/// Applies clusters to the cluster manager, each on its own. While clusters warm after the start, answers to CDS are held back, so that
/// the server sends listeners and routes only when the clusters that they name are there. Thread: main.
/// </summary>
public sealed class CdsApi : SubscriptionCallbacks
{
    private readonly ClusterManager _clusters;
    private readonly EdsClusters _endpoints;
    private readonly ResourceTranslator<ClusterModel> _translator;
    private readonly ResourceObserver _observer;
    private readonly XdsMux? _ads;
    private readonly AppliedResources _applied = new();
    private IDisposable? _pausedWhileWarming;
    private bool _gotFirst;

    /// <param name="clusters">Where clusters go.</param>
    /// <param name="endpoints">Told where each cluster's endpoints come from.</param>
    /// <param name="translator">From bytes to models.</param>
    /// <param name="observer">Told of every resource.</param>
    /// <param name="ads">The stream whose other types wait; null when clusters come from elsewhere.</param>
    public CdsApi(
        ClusterManager clusters, EdsClusters endpoints, ResourceTranslator<ClusterModel> translator, ResourceObserver observer, XdsMux? ads)
    {
        _clusters = clusters;
        _endpoints = endpoints;
        _translator = translator;
        _observer = observer;
        _ads = ads;
        InitTarget = new InitTarget("CDS", OnWarmingChanged);
        clusters.AddObserver(new WarmingObserver(this));
    }

    /// <summary>Ready once the first response was applied (or given up) and its clusters are warm.</summary>
    public InitTarget InitTarget { get; }

    public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        var errors = new UpdateErrors();
        using (_ads?.Pause(ResourceType.ClusterLoadAssignment.TypeUrl, ResourceType.Secret.TypeUrl))
        {
            HashSet<string> names = [];
            foreach (XdsResource resource in added)
            {
                if (!names.Add(resource.Name))
                {
                    errors.Add(resource.Name, $"duplicate cluster {resource.Name} found");
                }
                else if (!_applied.IsApplied(resource.Name, resource.Value))
                {
                    Apply(resource, errors);
                }
            }

            foreach (string name in removed)
            {
                _applied.Forget(name);
                if (_clusters.Remove(name))
                {
                    _observer.OnRemoved(ResourceType.Cluster.TypeUrl, name);
                }
            }
        }

        _observer.OnVersion(ResourceType.Cluster.TypeUrl, version);
        OnFirst();
        return errors.ToResult("cluster(s)", ", ");
    }

    public override void OnUpdateFailed(UpdateFailure reason) => OnFirst();

    private void Apply(XdsResource resource, UpdateErrors errors)
    {
        if ((_clusters.FindActive(resource.Name) ?? _clusters.FindWarming(resource.Name)) is { Model.AddedViaApi: false })
        {
            // The bootstrap's own clusters are not discovery's to change; Envoy ignores it, too.
            return;
        }

        var found = new ConfigErrors();
        List<ResourceNeed> needs = [];
        ClusterModel? model = _translator.Translate(resource, found, needs);
        if (model is null || !found.IsEmpty)
        {
            errors.Add(resource.Name, found.ToString());
            _observer.OnRejected(resource, found.ToString());
            return;
        }

        _endpoints.SetSource(resource.Name, needs);
        _observer.OnAccepted(resource, isWarming: true);
        _applied.Set(resource.Name, resource.Value);
        _clusters.AddOrUpdate(model);
    }

    private void OnFirst()
    {
        _gotFirst = true;
        OnWarmingChanged();
    }

    private void OnWarmingChanged()
    {
        bool isWarming = _clusters.WarmingClusters.Count > 0;
        if (_gotFirst && !isWarming)
        {
            InitTarget.Ready();
        }

        if (!isWarming)
        {
            _pausedWhileWarming?.Dispose();
            _pausedWhileWarming = null;
        }
        else if (_gotFirst)
        {
            _pausedWhileWarming ??= _ads?.Pause(ResourceType.Cluster.TypeUrl);
        }
    }

    private sealed class WarmingObserver(CdsApi api) : ClusterObserver
    {
        public override void OnWarming(Cluster cluster) => api.OnWarmingChanged();

        public override void OnActive(Cluster cluster)
        {
            api._observer.OnActivated(ResourceType.Cluster.TypeUrl, cluster.Name);
            api.OnWarmingChanged();
        }

        public override void OnRemoved(Cluster cluster) => api.OnWarmingChanged();
    }
}
