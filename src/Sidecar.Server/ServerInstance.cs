using System;
using System.Collections.Generic;
using System.IO;
using Google.Protobuf;
using Sidecar.Config.Bootstrap;
using Sidecar.Config.Conversion;
using Sidecar.Config.Resources;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Event;
using Sidecar.Event.Native;
using Sidecar.Event.Signals;
using Sidecar.Event.Threads;
using Sidecar.Event.Timers;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Network.Addresses;
using Sidecar.Network.Listeners;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Server.Admin.Config;
using Sidecar.Server.Admin.Listeners;
using Sidecar.Server.Discovery;
using Sidecar.Server.Lifecycle;
using Sidecar.Server.Options;
using Sidecar.Server.Threads;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Dns;
using BootstrapProto = Envoy.Config.Bootstrap.V3.Bootstrap;

namespace Sidecar.Server;

/// <summary>
/// The composition root: builds the process from command line and bootstrap, runs main's loop, ends in order. Thread: main.
/// </summary>
/// <remarks>
/// <code>
///   TryCreate: threads, stats, managers; the whole bootstrap translated, all its errors at once
///   Run:       workers start -> static clusters warm -> discovery of clusters -> listeners warm -> live
///   Shutdown:  not ready -> drain -> workers stop -> exit code 0
/// </code>
/// </remarks>
public sealed class ServerInstance : IDisposable
{
    private const long DefaultFlushIntervalMs = 5000;

    private readonly ServerOptions _options;
    private readonly BootstrapProto _bootstrap;
    private readonly ServerThreads _threads;
    private readonly GuardDog _guardDog;
    private readonly FileFlusher _logFiles;
    private readonly SystemDnsResolver _resolver;
    private readonly ClusterManager _clusters;
    private readonly ListenerManager _listeners;
    private readonly ListenerManager _adminListeners;
    private readonly DynamicResources _dynamic;
    private readonly ConfigTracker _tracker;
    private readonly ProcessState _state;
    private readonly ServerStats _serverStats;
    private readonly ShutdownSequence _shutdown;
    private readonly StatCatalog _catalog;
    private readonly List<SignalEvent> _signals = [];
    private readonly List<ClusterModel> _staticClusters = [];
    private readonly List<(ListenerModel Model, IReadOnlyList<ResourceSubscription> Needs)> _staticListeners = [];

    private ServerInstance(ServerOptions options, LoadedBootstrap bootstrap)
    {
        _options = options;
        _bootstrap = bootstrap.Message!;
        var stats = new StatStore();
        int concurrency = options.Concurrency > 0 ? options.Concurrency : CpuCount.FromCgroup();
        _threads = new ServerThreads(concurrency, stats, RealTimeSource.Instance);
        _guardDog = new GuardDog("server", new GuardDogConfig(), stats, RealTimeSource.Instance);
        _logFiles = new FileFlusher(stats, options.FileFlushIntervalMs);
        _resolver = new SystemDnsResolver(_threads.Main);
        _clusters = new ClusterManager(_threads.Registry, _threads.MainWorker, stats, new ClusterNames(), _resolver);
        foreach (Network.Worker worker in _threads.Workers)
        {
            _clusters.AddWorker(worker);
        }

        long drainMs = options.DrainTimeS * 1000L;
        _listeners = new ListenerManager(_threads.Main, _threads.Workers, stats, new ListenerManagerOptions
        {
            DrainTimeMs = drainMs,
            DrainStrategy = options.DrainStrategy,
            OnGenerationGone = model => _dynamic!.ListenerApi.OnListenerGone(model),
        });
        _adminListeners = new ListenerManager(_threads.Main, [_threads.AdminWorker], stats, new ListenerManagerOptions { IsNamedInStats = false });
        _tracker = new ConfigTracker(RealTimeSource.Instance);
        _tracker.SetBootstrap(bootstrap.WireBytes);
        Envoy.Config.Core.V3.Node node = NodeIdentity.Create(_bootstrap.Node, options);
        _state = new ProcessState(options, _threads, _listeners, _logFiles, node.ToByteArray(), BeginShutdown);
        _dynamic = new DynamicResources(_threads, stats, _clusters, _listeners, node, new TrackingObserver(_tracker));
        _shutdown = new ShutdownSequence(_threads.Main, _listeners, drainMs, _threads.Main.Exit);
        _serverStats = new ServerStats(stats, _threads.Main.Stats);
        _serverStats.Set(ServerStat.Concurrency, concurrency);
        _catalog = new StatCatalog(stats, new StatsOptions());
        Stats = stats;
    }

    /// <summary>All stats of the process.</summary>
    public StatStore Stats { get; }

    /// <summary>Where the admin listens; null when the bootstrap has none.</summary>
    public Address? AdminAddress { get; private set; }

    /// <summary>Builds the server; null, with everything that is wrong in <paramref name="errors"/>, when the bootstrap cannot be used.</summary>
    public static ServerInstance? TryCreate(ServerOptions options, LoadedBootstrap bootstrap, ConfigErrors errors)
    {
        var server = new ServerInstance(options, bootstrap);
        server.Translate(errors);
        if (errors.IsEmpty && options.Mode == ServerMode.Serve)
        {
            server.StartAdmin(errors);
        }

        if (errors.IsEmpty)
        {
            return server;
        }

        server.Dispose();
        return null;
    }

    /// <summary>Runs until a signal or the admin ends it; the exit code.</summary>
    public int Run()
    {
        if (_options.Mode == ServerMode.InitOnly)
        {
            return 0;
        }

        ListenForSignals();
        _guardDog.Watch(_threads.Main);
        _threads.StartWorkers(_guardDog);
        _guardDog.Start();
        _listeners.SetWorkersStarted();
        _threads.Main.CreateTimer(new FlushTimer(this)).Enable(1);
        _threads.Main.Post(Initialize);
        CrashPolicy.Run(_threads.Main, RunType.RunUntilExit);
        _dynamic.Shutdown();
        _threads.StopWorkers();
        Loggers.Main.Info("exiting");
        return ExitCode;
    }

    public void Dispose()
    {
        _threads.StopWorkers();
        foreach (SignalEvent signal in _signals)
        {
            signal.Dispose();
        }

        _guardDog.Dispose();
        _logFiles.Dispose();
        _resolver.Dispose();
        _threads.Main.Dispose();
    }

    private void Translate(ConfigErrors errors)
    {
        var services = new ConversionServices
        {
            Stats = Stats,
            Clusters = _clusters,
            LogFiles = _logFiles,
            PublishedRoutes = _dynamic.PublishedRoutes,
            ServiceCluster = _options.ServiceCluster.Length > 0 ? _options.ServiceCluster : _bootstrap.Node?.Cluster ?? string.Empty,
        };
        var pipeline = new ResourcePipeline(services);
        _dynamic.Configure(_bootstrap, pipeline, new TranslationOptions(_options.RejectUnknownDynamicFields, AddedViaApi: true), errors);
        var options = new TranslationOptions(RejectUnknownFields: false, AddedViaApi: false);
        BootstrapProto.Types.StaticResources resources = _bootstrap.StaticResources ?? new BootstrapProto.Types.StaticResources();
        for (int i = 0; i < resources.Clusters.Count; i++)
        {
            byte[] bytes = resources.Clusters[i].ToByteArray();
            TranslatedResource<ClusterModel> cluster = pipeline.TranslateCluster(bytes, options);
            if (Take(cluster, $"static_resources.clusters[{i}]", errors))
            {
                _dynamic.Endpoints.SetSource(cluster.Name, NeedsOf(cluster.Subscriptions));
                _staticClusters.Add(cluster.Model!);
                _tracker.SetStatic(ConfigKind.Cluster, cluster.Name, bytes);
            }
        }

        for (int i = 0; i < resources.Listeners.Count; i++)
        {
            byte[] bytes = resources.Listeners[i].ToByteArray();
            TranslatedResource<ListenerModel> listener = pipeline.TranslateListener(bytes, options);
            if (Take(listener, $"static_resources.listeners[{i}]", errors))
            {
                _staticListeners.Add((listener.Model!, listener.Subscriptions));
                _tracker.SetStatic(ConfigKind.Listener, listener.Name, bytes);
            }
        }
    }

    /// <summary>Static clusters first (a control plane may be among them), then discovery, then listeners.</summary>
    private void Initialize()
    {
        foreach (ClusterModel cluster in _staticClusters)
        {
            _clusters.AddOrUpdate(cluster);
        }

        _clusters.OnStaticClustersAdded(() =>
        {
            _state.Enter(ServerLifecycle.Initializing);
            _dynamic.Start(AddListeners);
        });
    }

    private void AddListeners()
    {
        foreach ((ListenerModel model, IReadOnlyList<ResourceSubscription> needs) in _staticListeners)
        {
            if (_dynamic.ListenerApi.AddStatic(model, NeedsOf(needs)) is { } error)
            {
                Loggers.Main.Critical($"static listener '{model.Name}': {error}");
                ExitCode = 1;
                _threads.Main.Exit();
                return;
            }
        }

        _dynamic.StartListeners();
        _dynamic.ServerInit.Initialize(() =>
        {
            if (_state.Lifecycle == ServerLifecycle.Initializing)
            {
                _state.Enter(ServerLifecycle.Live);
            }

            UpdateServerStats();
        });
    }

    private int ExitCode { get; set; }

    private void StartAdmin(ConfigErrors errors)
    {
        if (_bootstrap.Admin?.Address?.SocketAddress is not { } configured)
        {
            return;
        }

        if (!Address.TryParseIp(configured.Address, (int)configured.PortValue, out Address? address))
        {
            errors.Add(default, "admin.address.socket_address.address", $"'{configured.Address}' is not an IP address");
            return;
        }

        AdminHandlers handlers = AdminHandlers.Create(new AdminSources
        {
            Server = _state,
            Stats = _catalog,
            Config = _tracker,
            Clusters = new ManagedClusters(_clusters),
            Listeners = new ManagedListeners(_listeners),
            Runtime = new StaticRuntime(),
            Init = new ServerInitSource(_dynamic),
        });
        if (_adminListeners.AddOrUpdate(AdminListener.CreateModel(handlers, address!, Stats)) is { } error)
        {
            errors.Add(default, "admin.address", error);
            return;
        }

        foreach ((_, Address bound) in _adminListeners.Active)
        {
            AdminAddress = bound;
            Loggers.Main.Info($"admin address: {bound}");
        }

        WriteAdminAddress(errors);
    }

    private void WriteAdminAddress(ConfigErrors errors)
    {
        if (_options.AdminAddressPath.Length == 0)
        {
            return;
        }

        try
        {
            File.WriteAllText(_options.AdminAddressPath, AdminAddress!.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(default, "--admin-address-path", e.Message);
        }
    }

    private void ListenForSignals()
    {
        _signals.Add(_threads.Main.ListenForSignal(Signal.Terminate, new SignalAction(BeginShutdown)));
        _signals.Add(_threads.Main.ListenForSignal(Signal.Interrupt, new SignalAction(BeginShutdown)));
        _signals.Add(_threads.Main.ListenForSignal(Signal.User1, new SignalAction(_state.ReopenLogs)));
        _signals.Add(_threads.Main.ListenForSignal(Signal.Hangup, new SignalAction(static () => Loggers.Main.Warning($"SIGHUP is ignored"))));
    }

    private void BeginShutdown()
    {
        if (!_shutdown.HasBegun)
        {
            _state.Enter(ServerLifecycle.Draining);
            _shutdown.Begin();
        }
    }

    private void UpdateServerStats() =>
        _serverStats.Update((long)_state.Uptime.TotalSeconds, _listeners.ConnectionCount, (int)_state.Lifecycle);

    private static bool Take(TranslatedResource resource, string root, ConfigErrors errors)
    {
        foreach (ConfigError error in resource.Errors.Errors)
        {
            errors.Add(error.Position, $"{root}.{error.Path}", error.Message);
        }

        if (resource.IsAccepted)
        {
            PipelineTranslators.WarnOf(resource);
        }

        return resource.IsAccepted;
    }

    private static List<Xds.Apply.ResourceNeed> NeedsOf(IReadOnlyList<ResourceSubscription> subscriptions)
    {
        var needs = new List<Xds.Apply.ResourceNeed>();
        foreach (ResourceSubscription subscription in subscriptions)
        {
            needs.Add(PipelineTranslators.NeedOf(subscription));
        }

        return needs;
    }

    private sealed class SignalAction(Action action) : SignalHandler
    {
        public override void OnSignal(int signo) => action();
    }

    /// <summary>Brings the process's gauges up to date and remembers which stats were ever used.</summary>
    private sealed class FlushTimer(ServerInstance server) : TimerHandler
    {
        private readonly StatsFlusher _flusher = new(server._catalog);

        public override void OnTimer(Timer timer)
        {
            server.UpdateServerStats();
            _flusher.Flush();
            long interval = server._bootstrap.StatsFlushInterval is { } every ? (every.Seconds * 1000) + (every.Nanos / 1_000_000) : DefaultFlushIntervalMs;
            timer.Enable(Math.Max(1, interval));
        }
    }
}
