using System;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Core.Collections;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Event.Files;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;
using ApiType = Envoy.Config.Core.V3.ApiConfigSource.Types.ApiType;
using Case = Envoy.Config.Core.V3.ConfigSource.ConfigSourceSpecifierOneofCase;

namespace Sidecar.Xds.Subscriptions;

/// <summary>Makes subscriptions out of <c>ConfigSource</c>: ADS, a type's own gRPC service, files. Thread: main.</summary>
public sealed class SubscriptionFactory
{
    private const long DefaultInitialFetchTimeoutMs = 15_000;
    private const uint DefaultMaxTokens = 100;
    private const double DefaultFillRate = 10;

    private readonly Dispatcher _main;
    private readonly FileWatcher _files;
    private readonly StatStore _stats;
    private readonly Node _node;
    private readonly XdsStreams _streams;
    private readonly FastRandom _random;

    /// <param name="main">Main's dispatcher.</param>
    /// <param name="files">For file sources.</param>
    /// <param name="stats">Where stats are registered.</param>
    /// <param name="node">Who we are.</param>
    /// <param name="streams">How control planes are reached.</param>
    /// <param name="random">Jitter.</param>
    public SubscriptionFactory(Dispatcher main, FileWatcher files, StatStore stats, Node node, XdsStreams streams, FastRandom random)
    {
        _main = main;
        _files = files;
        _stats = stats;
        _node = node;
        _streams = streams;
        _random = random;
    }

    /// <summary>The ADS stream; null while the bootstrap names none.</summary>
    public XdsMux? Ads { get; private set; }

    /// <summary>
    /// Makes the ADS stream from <c>dynamic_resources.ads_config</c>; start it when the subscriptions to clusters and listeners exist, so
    /// that their requests go out in order.
    /// </summary>
    /// <exception cref="XdsConfigException">The source is none that a stream can be made of.</exception>
    public XdsMux CreateAds(ApiConfigSource source)
    {
        bool delta = source.ApiType switch
        {
            ApiType.Grpc => false,
            ApiType.DeltaGrpc => true,
            _ => throw new XdsConfigException($"ads_config.api_type: {source.ApiType} is not supported for ADS; use GRPC or DELTA_GRPC"),
        };
        Ads = CreateMux(source, delta ? AdsDeltaMux.Method : AdsSotwMux.Method, delta);
        return Ads;
    }

    /// <summary>Makes a subscription; its user starts it.</summary>
    /// <param name="source">Where the resources come from.</param>
    /// <param name="typeUrl">Their type.</param>
    /// <param name="callbacks">Their user.</param>
    /// <param name="stats">Its stats.</param>
    /// <exception cref="XdsConfigException">The source cannot be used.</exception>
    public Subscription Create(ConfigSource source, string typeUrl, SubscriptionCallbacks callbacks, SubscriptionStats stats)
    {
        var delivery = new SubscriptionDelivery(_main, callbacks, stats, typeUrl);
        long timeoutMs = source.InitialFetchTimeout is { } timeout ? Ms(timeout) : DefaultInitialFetchTimeoutMs;
        switch (source.ConfigSourceSpecifierCase)
        {
            case Case.Ads:
            case Case.Self:
                return OverAds(typeUrl, delivery, timeoutMs);
            case Case.PathConfigSource:
                return new FilesystemSubscription(
                    _main, _files, source.PathConfigSource.Path, source.PathConfigSource.WatchedDirectory?.Path, typeUrl, delivery);
            case Case.Path:
#pragma warning disable CS0612 // Deprecated by the API, and still what people write.
                return new FilesystemSubscription(_main, _files, source.Path, watchedDirectory: null, typeUrl, delivery);
#pragma warning restore CS0612
            case Case.ApiConfigSource:
                return OverApi(source.ApiConfigSource, typeUrl, delivery, timeoutMs);
            default:
                throw new XdsConfigException("config_source: one of path_config_source, api_config_source and ads is required");
        }
    }

    private MuxSubscription OverAds(string typeUrl, SubscriptionDelivery delivery, long timeoutMs) => Ads is { } ads
        ? new MuxSubscription(ads, ownsMux: false, typeUrl, delivery, timeoutMs)
        : throw new XdsConfigException("config_source.ads: the bootstrap has no dynamic_resources.ads_config");

    private MuxSubscription OverApi(ApiConfigSource source, string typeUrl, SubscriptionDelivery delivery, long timeoutMs)
    {
        if (source.ApiType is ApiType.AggregatedGrpc or ApiType.AggregatedDeltaGrpc)
        {
            return OverAds(typeUrl, delivery, timeoutMs);
        }

        if (source.ApiType is not (ApiType.Grpc or ApiType.DeltaGrpc))
        {
            throw new XdsConfigException($"api_config_source.api_type: {source.ApiType} is not supported; use GRPC or DELTA_GRPC");
        }

        bool delta = source.ApiType == ApiType.DeltaGrpc;
        ResourceType type = ResourceType.Of(typeUrl);
        string method = delta ? type.DeltaMethod : type.SotwMethod;
        if (method.Length == 0)
        {
            throw new XdsConfigException($"api_config_source: there is no discovery service for {typeUrl}");
        }

        return new MuxSubscription(CreateMux(source, method, delta), ownsMux: true, typeUrl, delivery, timeoutMs);
    }

    private XdsMux CreateMux(ApiConfigSource source, string method, bool delta)
    {
        if (source.GrpcServices.Count == 0)
        {
            throw new XdsConfigException("api_config_source.grpc_services: one service is required");
        }

        GrpcService service = source.GrpcServices[0];
        var context = new MuxContext
        {
            Dispatcher = _main,
            Streams = _streams.Create(service, method),
            Node = _node,
            Stats = new ControlPlaneStats(_stats, _main),
            StreamSettings = SettingsOf(source, service),
            NodeOnFirstMessageOnly = source.SetNodeOnFirstMessageOnly,
            Random = _random,
        };
        return delta ? new AdsDeltaMux(context) : new AdsSotwMux(context);
    }

    private static StreamSettings SettingsOf(ApiConfigSource source, GrpcService service)
    {
        StreamSettings settings = StreamSettings.Default;
        if (source.RateLimitSettings is { } limit)
        {
            settings = settings with
            {
                MaxRequestTokens = limit.MaxTokens ?? DefaultMaxTokens,
                RequestsPerSecond = limit.FillRate ?? DefaultFillRate,
            };
        }

        if ((service.EnvoyGrpc?.RetryPolicy ?? service.RetryPolicy)?.RetryBackOff is { BaseInterval: { } interval } backOff)
        {
            long baseMs = Math.Max(1, Ms(interval));
            settings = settings with { RetryBaseMs = baseMs, RetryMaxMs = backOff.MaxInterval is { } max ? Ms(max) : baseMs * 10 };
        }

        return settings;
    }

    private static long Ms(Duration duration) => (duration.Seconds * 1000) + (duration.Nanos / 1_000_000);
}
