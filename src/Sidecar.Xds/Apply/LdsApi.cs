using System.Collections.Generic;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Network.Listeners;
using Sidecar.Xds.Init;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>
/// Applies listeners, each on its own. A listener serves once its route configurations have come (or their initial fetch timeout is
/// over); until then the one that it replaces goes on. Thread: main.
/// </summary>
public sealed class LdsApi : SubscriptionCallbacks
{
    private readonly ListenerSink _listeners;
    private readonly RdsProviders _routes;
    private readonly ResourceTranslator<ListenerModel> _translator;
    private readonly ResourceObserver _observer;
    private readonly InitManager _serverInit;
    private readonly XdsMux? _ads;
    private readonly AppliedResources _applied = new();
    private readonly HashSet<string> _static = [];
    private readonly Dictionary<string, WarmingListener> _warming = [];

    /// <summary>Route configurations by the listener that reads them; given back by <see cref="OnListenerGone"/>.</summary>
    private readonly Dictionary<ListenerModel, List<RdsProvider>> _routesOf = [];

    /// <param name="listeners">Where listeners go.</param>
    /// <param name="routes">Their route configurations.</param>
    /// <param name="translator">From bytes to models.</param>
    /// <param name="observer">Told of every resource.</param>
    /// <param name="serverInit">While it initializes it waits for listeners that warm, too.</param>
    /// <param name="ads">The stream whose routes wait while listeners are applied; null when listeners come from elsewhere.</param>
    public LdsApi(
        ListenerSink listeners,
        RdsProviders routes,
        ResourceTranslator<ListenerModel> translator,
        ResourceObserver observer,
        InitManager serverInit,
        XdsMux? ads)
    {
        _listeners = listeners;
        _routes = routes;
        _translator = translator;
        _observer = observer;
        _serverInit = serverInit;
        _ads = ads;
        InitTarget = new InitTarget("LDS", static () => { });
    }

    /// <summary>Ready once the first response was applied or given up.</summary>
    public InitTarget InitTarget { get; }

    public int WarmingCount => _warming.Count;

    public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
    {
        var errors = new UpdateErrors();
        using (_ads?.Pause(ResourceType.RouteConfiguration.TypeUrl))
        {
            foreach (string name in removed)
            {
                Remove(name);
            }

            HashSet<string> names = [];
            foreach (XdsResource resource in added)
            {
                if (!names.Add(resource.Name))
                {
                    errors.Add(resource.Name, $"duplicate listener {resource.Name} found");
                }
                else if (!_applied.IsApplied(resource.Name, resource.Value) && !_static.Contains(resource.Name))
                {
                    Apply(resource, errors);
                }
            }

            _routes.Sweep();
        }

        _observer.OnVersion(ResourceType.Listener.TypeUrl, version);
        InitTarget.Ready();
        return errors.ToResult("listener(s)", "\n");
    }

    public override void OnUpdateFailed(UpdateFailure reason) => InitTarget.Ready();

    /// <summary>
    /// Adds a listener of the bootstrap; discovery may not change or remove it. Null, or why it cannot be bound, when it needs not wait.
    /// </summary>
    public string? AddStatic(ListenerModel model, IReadOnlyList<ResourceNeed> needs)
    {
        _static.Add(model.Name);
        return Begin(model, needs);
    }

    /// <summary>A listener's last connections are closed: from <see cref="ListenerManagerOptions.OnGenerationGone"/>.</summary>
    public void OnListenerGone(ListenerModel model)
    {
        if (_routesOf.Remove(model, out List<RdsProvider>? providers))
        {
            providers.ForEach(_routes.Release);
        }
    }

    private void Apply(XdsResource resource, UpdateErrors errors)
    {
        var found = new ConfigErrors();
        List<ResourceNeed> needs = [];
        ListenerModel? model = _translator.Translate(resource, found, needs);
        if (model is null || !found.IsEmpty)
        {
            Reject(resource, found.ToString(), errors);
            return;
        }

        _applied.Set(resource.Name, resource.Value);
        _observer.OnAccepted(resource, isWarming: true);
        if (Begin(model, needs) is { } error)
        {
            _applied.Forget(resource.Name);
            Reject(resource, error, errors);
        }
    }

    private void Reject(XdsResource resource, string error, UpdateErrors errors)
    {
        errors.Add(resource.Name, error);
        _observer.OnRejected(resource, error);
    }

    /// <summary>Starts to warm a listener; serves it at once when it needs nothing that is not there.</summary>
    private string? Begin(ListenerModel model, IReadOnlyList<ResourceNeed> needs)
    {
        Cancel(model.Name);
        var init = new InitManager($"Listener {model.Name}");
        List<RdsProvider> providers = [];
        foreach (ResourceNeed need in needs)
        {
            if (need.TypeUrl == ResourceType.RouteConfiguration.TypeUrl)
            {
                RdsProvider provider = _routes.Acquire(need);
                providers.Add(provider);
                init.Add(provider.CreateTarget());
            }
        }

        _routesOf.Add(model, providers);
        var warming = new WarmingListener(model);
        _warming.Add(model.Name, warming);
        if (_serverInit.State != InitState.Initialized)
        {
            _serverInit.Add(warming.ServerTarget);
        }

        string? error = null;
        init.Initialize(() => error = Activate(warming));
        _listeners.SetWarming(_warming.Count);
        return error;
    }

    /// <summary>The listener is warm: it takes the place of the one before. Why it cannot, if so.</summary>
    private string? Activate(WarmingListener warming)
    {
        ListenerModel model = warming.Model;
        if (!_warming.TryGetValue(model.Name, out WarmingListener? current) || current != warming)
        {
            return null;
        }

        _warming.Remove(model.Name);
        string? error = _listeners.AddOrUpdate(model);
        if (error is null)
        {
            _observer.OnActivated(ResourceType.Listener.TypeUrl, model.Name);
        }
        else
        {
            Loggers.Config.Error($"listener {model.Name}: {error}");
            OnListenerGone(model);
        }

        _listeners.SetWarming(_warming.Count);
        warming.ServerTarget.Ready();
        return error;
    }

    private void Remove(string name)
    {
        if (_static.Contains(name))
        {
            return;
        }

        _applied.Forget(name);
        bool wasWarming = Cancel(name);
        if (_listeners.Remove(name) || wasWarming)
        {
            _observer.OnRemoved(ResourceType.Listener.TypeUrl, name);
        }
    }

    /// <summary>Gives up a listener that is not warm yet; no connection has seen it.</summary>
    private bool Cancel(string name)
    {
        if (!_warming.Remove(name, out WarmingListener? warming))
        {
            return false;
        }

        OnListenerGone(warming.Model);
        _listeners.SetWarming(_warming.Count);
        warming.ServerTarget.Ready();
        return true;
    }

    private sealed class WarmingListener(ListenerModel model)
    {
        public ListenerModel Model { get; } = model;

        public InitTarget ServerTarget { get; } = new($"Listener {model.Name}", static () => { });
    }
}
