using System;
using System.Collections.Generic;
using System.Linq;
using Sidecar.Config.Conversion;
using Sidecar.Config.Resources;
using Sidecar.Config.Tests.Schema;
using Sidecar.Config.Tree;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Event.Slots;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Network;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Proxy.Routing;
using Sidecar.Testing.Time;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Dns;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Config.Tests.Resources;

/// <summary>A pipeline with the services of a process that does not run, and short ways from YAML through it.</summary>
internal sealed class PipelineFixture : IDisposable
{
    private readonly Dispatcher _main;

    public PipelineFixture()
    {
        _main = new Dispatcher("main_thread", new SimulatedTimeSource(), Stats.CreateSheet("main_thread"));
        var registry = new ThreadLocalRegistry(_main);
        var slots = new SlotAllocator(registry);
        LogFiles = new FileFlusher(Stats);
        Services = new ConversionServices
        {
            Stats = Stats,
            Clusters = new ClusterManager(registry, new Worker(0, 1, _main, seed: 7), Stats, new ClusterNames(), new SilentResolver()),
            LogFiles = LogFiles,
            PublishedRoutes = _ => RouteTableSource.Published(slots.Allocate<RouteTable>()),
            ServiceCluster = "shop",
        };
        Pipeline = new ResourcePipeline(Services);
    }

    public StatStore Stats { get; } = new();

    public FileFlusher LogFiles { get; }

    public ConversionServices Services { get; }

    public ResourcePipeline Pipeline { get; }

    public TranslatedResource<ClusterModel> Cluster(string yaml) =>
        Pipeline.TranslateCluster(Encode("envoy.config.cluster.v3.Cluster", yaml), new TranslationOptions(RejectUnknownFields: false, AddedViaApi: true));

    public TranslatedResource<ListenerModel> Listener(string yaml) =>
        Pipeline.TranslateListener(Encode("envoy.config.listener.v3.Listener", yaml), new TranslationOptions(RejectUnknownFields: false, AddedViaApi: true));

    public TranslatedResource<RouteTable> Routes(string yaml) =>
        Pipeline.TranslateRoutes(Encode("envoy.config.route.v3.RouteConfiguration", yaml), new TranslationOptions(RejectUnknownFields: false, AddedViaApi: true));

    public TranslatedResource<LoadAssignmentModel> Endpoints(string yaml) =>
        Pipeline.TranslateEndpoints(Encode("envoy.config.endpoint.v3.ClusterLoadAssignment", yaml), new TranslationOptions(RejectUnknownFields: false, AddedViaApi: true));

    /// <summary>The model of a resource that must be fine.</summary>
    public static TModel Accepted<TModel>(TranslatedResource<TModel> translated)
        where TModel : class
    {
        Assert.True(translated.IsAccepted, translated.Errors.ToString());
        return translated.Model!;
    }

    /// <summary>The errors of a resource that must be rejected, each as <c>path: message</c>.</summary>
    public static IReadOnlyList<string> Errors(TranslatedResource translated)
    {
        Assert.False(translated.IsAccepted, "was accepted");
        return [.. translated.Errors.Errors.Select(error => error.ToString())];
    }

    /// <summary>The paths of the errors.</summary>
    public static IReadOnlyList<string> Paths(TranslatedResource translated) => [.. translated.Errors.Errors.Select(error => error.Path)];

    public void Dispose()
    {
        LogFiles.Dispose();
        _main.Dispose();
    }

    private static byte[] Encode(string message, string yaml)
    {
        (byte[] bytes, ConfigErrors errors) = Documents.TryEncode(message, yaml);
        Assert.True(errors.IsEmpty && errors.UnknownFields.Count == 0, errors + string.Join(' ', errors.UnknownFields));
        return bytes;
    }

    private sealed class SilentResolver : DnsResolver
    {
        public override void Resolve(DnsQuery query)
        {
        }
    }
}
