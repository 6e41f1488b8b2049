using System;
using System.Collections.Generic;
using System.Net;
using Envoy.Config.Core.V3;
using Sidecar.Config.Tree;
using Sidecar.Core.Collections;
using Sidecar.Event.Files;
using Sidecar.Event.Slots;
using Sidecar.Network;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Dns;
using Sidecar.Upstream.Hosts;
using Sidecar.Xds.Apply;
using Sidecar.Xds.Init;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;
using Sidecar.Xds.Subscriptions;
using Address = Sidecar.Network.Addresses.Address;
using Locality = Sidecar.Upstream.Hosts.Locality;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>
/// Everything between a scripted ADS server and the managers: clusters whose name starts with "eds" get endpoints by EDS, listeners named
/// "l:r" need the route configuration r, and what starts with "bad" does not translate.
/// </summary>
internal sealed class ApplyFixture : IDisposable
{
    private static readonly ConfigSource s_ads = new() { Ads = new AggregatedConfigSource() };

    private readonly FileWatcher _files;

    public ApplyFixture(bool delta = false)
    {
        _files = new FileWatcher(Loop.Dispatcher);
        var registry = new ThreadLocalRegistry(Loop.Dispatcher);
        Slots = new SlotAllocator(registry);
        Clusters = new ClusterManager(registry, new Worker(0, 1, Loop.Dispatcher, seed: 7), Loop.Stats, new ClusterNames(), new NoResolver());
        Factory = new SubscriptionFactory(
            Loop.Dispatcher, _files, Loop.Stats, new Node { Id = "n" }, new OneServer(Server), new FastRandom(3));
        Ads = Factory.CreateAds(new ApiConfigSource
        {
            ApiType = delta ? ApiConfigSource.Types.ApiType.DeltaGrpc : ApiConfigSource.Types.ApiType.Grpc,
            GrpcServices = { new GrpcService() },
            SetNodeOnFirstMessageOnly = true,
        });
        Eds = new EdsClusters(Factory, new EndpointTranslator(), NoResourceObserver.Instance, Loop.Stats, Loop.Dispatcher);
        Clusters.AddObserver(Eds);
        Cds = new CdsApi(Clusters, Eds, new ClusterTranslator(), NoResourceObserver.Instance, Ads);
        Routes = new RdsProviders(Factory, Slots, new RouteTranslator(), NoResourceObserver.Instance, Loop.Stats, Loop.Dispatcher);
        Lds = new LdsApi(Listeners, Routes, new ListenerTranslator(), NoResourceObserver.Instance, ServerInit, Ads);
        ServerInit.Add(Lds.InitTarget);
        Ads.Start();
        Subscribe(Resources.Cds, Cds, "cluster_manager.cds.");
        Subscribe(Resources.Lds, Lds, "listener_manager.lds.");
        Loop.Run();
        Server.Requests.Clear();
    }

    public MainLoop Loop { get; } = new();

    public ScriptedServer Server { get; } = new();

    public SlotAllocator Slots { get; }

    public ClusterManager Clusters { get; }

    public SubscriptionFactory Factory { get; }

    public XdsMux Ads { get; }

    public EdsClusters Eds { get; }

    public CdsApi Cds { get; }

    public RdsProviders Routes { get; }

    public LdsApi Lds { get; }

    public InitManager ServerInit { get; } = new("server");

    public RecordingSink Listeners { get; } = new();

    /// <summary>Lets an iteration pass and returns the requests that it sent.</summary>
    public List<string> Sent()
    {
        Loop.Run();
        return Ads is AdsDeltaMux ? Server.TakeDelta().ConvertAll(Resources.Describe) : Server.TakeSotw().ConvertAll(Resources.Describe);
    }

    public void Dispose()
    {
        _files.Dispose();
        Loop.Dispose();
    }

    private void Subscribe(string typeUrl, SubscriptionCallbacks callbacks, string scope) =>
        Factory.Create(s_ads, typeUrl, callbacks, new SubscriptionStats(Loop.Stats, Loop.Dispatcher, scope)).Start([]);

    private static bool IsBad(XdsResource resource, ConfigErrors errors)
    {
        bool isBad = resource.Name.StartsWith("bad", StringComparison.Ordinal);
        if (isBad)
        {
            errors.Add(default, "field", "is wrong");
        }

        return isBad;
    }

    internal sealed class RecordingSink : ListenerSink
    {
        public List<string> Calls { get; } = [];

        public List<ListenerModel> Models { get; } = [];

        public int Warming { get; private set; }

        public override string? AddOrUpdate(ListenerModel model)
        {
            Models.Add(model);
            Calls.Add("+" + model.Name);
            return model.Name.StartsWith("taken", StringComparison.Ordinal) ? "cannot bind: Address already in use" : null;
        }

        public override bool Remove(string name)
        {
            Calls.Add("-" + name);
            return true;
        }

        public override void SetWarming(int count) => Warming = count;
    }

    private sealed class OneServer(ScriptedServer server) : XdsStreams
    {
        public override XdsStreamFactory Create(GrpcService service, string method) => server;
    }

    private sealed class NoResolver : DnsResolver
    {
        public override void Resolve(DnsQuery query) => throw new InvalidOperationException("no test resolves names");
    }

    private sealed class ClusterTranslator : ResourceTranslator<ClusterModel>
    {
        public override ClusterModel? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs)
        {
            if (IsBad(resource, errors))
            {
                return null;
            }

            bool isEds = resource.Name.StartsWith("eds", StringComparison.Ordinal);
            if (isEds)
            {
                needs.Add(new ResourceNeed(Resources.Eds, resource.Name, s_ads, string.Empty));
            }

            return new ClusterModel
            {
                Name = resource.Name,
                AddedViaApi = true,
                Type = isEds ? ClusterDiscoveryType.Eds : ClusterDiscoveryType.Static,
            };
        }
    }

    private sealed class EndpointTranslator : ResourceTranslator<LoadAssignmentModel>
    {
        public override LoadAssignmentModel? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs) => new()
        {
            Localities =
            [
                new LocalityEndpointsModel(new Locality("", "", ""), 0, 1, [new HostModel { Address = Address.FromIp(IPAddress.Loopback, 80) }]),
            ],
        };
    }

    private sealed class ListenerTranslator : ResourceTranslator<ListenerModel>
    {
        public override ListenerModel? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs)
        {
            if (IsBad(resource, errors))
            {
                return null;
            }

            int colon = resource.Name.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
            {
                string route = resource.Name[(colon + 1)..];
                needs.Add(new ResourceNeed(Resources.Rds, route, s_ads, $"http.test.rds.{route}."));
            }

            return new ListenerModel { Name = resource.Name, Address = Address.FromIp(IPAddress.Loopback, 0), FilterChains = [] };
        }
    }

    private sealed class RouteTranslator : ResourceTranslator<RouteTable>
    {
        public override RouteTable? Translate(XdsResource resource, ConfigErrors errors, List<ResourceNeed> needs) =>
            IsBad(resource, errors) ? null : RouteTable.Build(new RouteTableConfig { Name = resource.Name }, static _ => 0);
    }
}
