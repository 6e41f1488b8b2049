using System;
using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Resources;
using Sidecar.Config.Tree;
using Sidecar.Core.Collections;
using Sidecar.Core.Stats;
using Sidecar.Event.Files;
using Sidecar.Network.Listeners;
using Sidecar.Server.Threads;
using Sidecar.Upstream.AsyncClient;
using Sidecar.Upstream.Clusters;
using Sidecar.Xds.Apply;
using Sidecar.Xds.Init;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;
using Sidecar.Xds.Subscriptions;
using BootstrapProto = Envoy.Config.Bootstrap.V3.Bootstrap;

namespace Sidecar.Server.Discovery;

/// <summary>The bootstrap's <c>dynamic_resources</c>: ADS, discovery of clusters, then of listeners. Thread: main.</summary>
internal sealed class DynamicResources
{
    private readonly ServerThreads _threads;
    private readonly StatStore _stats;
    private readonly SubscriptionFactory _subscriptions;
    private readonly InitManager _clusterInit = new("Clusters");
    private XdsMux? _ads;
    private Subscription? _clusterSubscription;
    private Subscription? _listenerSubscription;
    private CdsApi? _cds;

    public DynamicResources(
        ServerThreads threads, StatStore stats, ClusterManager clusters, ListenerManager listeners, Node node, ResourceObserver observer)
    {
        _threads = threads;
        _stats = stats;
        Clusters = clusters;
        Listeners = listeners;
        Observer = observer;
        var http = new ClusterHttpClient(clusters.MainTable, threads.Main);
        var random = new FastRandom(threads.MainWorker.NextRandom());
        _subscriptions = new SubscriptionFactory(threads.Main, new FileWatcher(threads.Main), stats, node, new GrpcXdsStreams(http), random);
        ServerInit = new InitManager("Server");
    }

    /// <summary>Done when the first listeners are warm.</summary>
    public InitManager ServerInit { get; }

    public EdsClusters Endpoints { get; private set; } = null!;

    public RdsProviders Routes { get; private set; } = null!;

    public LdsApi ListenerApi { get; private set; } = null!;

    private ClusterManager Clusters { get; }

    private ListenerManager Listeners { get; }

    private ResourceObserver Observer { get; }

    /// <summary>
    /// The routes behind a subscription, for the converters. Translators and converters need each other, so this part is made first.
    /// </summary>
    public Proxy.ConnectionManager.RouteTableSource PublishedRoutes(ResourceSubscription subscription) =>
        Proxy.ConnectionManager.RouteTableSource.Published(Routes.SlotOf(PipelineTranslators.NeedOf(subscription)));

    /// <summary>Makes everything that the bootstrap asks for; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public void Configure(BootstrapProto bootstrap, ResourcePipeline pipeline, TranslationOptions options, ConfigErrors errors)
    {
        var translators = new PipelineTranslators(pipeline, options);
        BootstrapProto.Types.DynamicResources? dynamic = bootstrap.DynamicResources;
        Try(errors, "dynamic_resources.ads_config", () => _ads = dynamic?.AdsConfig is { } ads ? _subscriptions.CreateAds(ads) : null);
        Endpoints = new EdsClusters(_subscriptions, translators.Endpoints, Observer, _stats, _threads.Main);
        Clusters.AddObserver(Endpoints);
        Routes = new RdsProviders(_subscriptions, _threads.Slots, translators.Routes, Observer, _stats, _threads.Main);
        ListenerApi = new LdsApi(new ListenerManagerSink(Listeners), Routes, translators.Listeners, Observer, ServerInit, _ads);
        if (dynamic?.CdsConfig is { } cds)
        {
            _cds = new CdsApi(Clusters, Endpoints, translators.Clusters, Observer, _ads);
            _clusterInit.Add(_cds.InitTarget);
            Try(errors, "dynamic_resources.cds_config", () => _clusterSubscription = Subscribe(cds, ResourceType.Cluster, _cds, "cluster_manager.cds."));
        }

        if (dynamic?.LdsConfig is { } lds)
        {
            ServerInit.Add(ListenerApi.InitTarget);
            Try(errors, "dynamic_resources.lds_config", () => _listenerSubscription = Subscribe(lds, ResourceType.Listener, ListenerApi, "listener_manager.lds."));
        }
    }

    /// <summary>Asks for clusters; <paramref name="onClustersReady"/> runs when those of the first answer are warm.</summary>
    public void Start(Action onClustersReady)
    {
        _clusterSubscription?.Start([]);
        _ads?.Start();
        _clusterInit.Initialize(onClustersReady);
    }

    /// <summary>Asks for listeners.</summary>
    public void StartListeners() => _listenerSubscription?.Start([]);

    public void Shutdown() => _ads?.Shutdown();

    private Subscription Subscribe(ConfigSource source, ResourceType type, SubscriptionCallbacks callbacks, string scope) =>
        _subscriptions.Create(source, type.TypeUrl, callbacks, new SubscriptionStats(_stats, _threads.Main, scope));

    private static void Try(ConfigErrors errors, string path, Action action)
    {
        try
        {
            action();
        }
        catch (XdsConfigException e)
        {
            errors.Add(default, path, e.Message);
        }
    }
}
