using System.Collections.Generic;
using Sidecar.Config.Tree;
using Sidecar.Core.Stats;

namespace Sidecar.Config.Conversion;

/// <summary>
/// What the converters of one resource share: the services of the process, and the place where errors, warnings, needed resources and
/// registered stats are collected. One resource, then dropped. Thread: main.
/// </summary>
public sealed class ConversionContext
{
    private readonly List<string> _unsupported = [];
    private readonly List<ResourceSubscription> _subscriptions = [];
    private readonly List<StatStore.Instance> _stats = [];

    /// <param name="services">What converters may use.</param>
    /// <param name="root">Stands before the paths of errors; empty for none.</param>
    /// <param name="addedViaApi">The resource came by discovery rather than in the bootstrap.</param>
    /// <param name="errors">Takes the errors; null for a list of its own.</param>
    public ConversionContext(ConversionServices services, string root = "", bool addedViaApi = false, ConfigErrors? errors = null)
    {
        Services = services;
        Root = root;
        AddedViaApi = addedViaApi;
        Errors = errors ?? new ConfigErrors();
        Top = new FieldScope(this);
    }

    public ConversionServices Services { get; }

    public string Root { get; }

    public bool AddedViaApi { get; }

    public ConfigErrors Errors { get; }

    /// <summary>The resource itself, where conversion begins.</summary>
    public FieldScope Top { get; }

    /// <summary>Paths of values that are not acted on, with the reason.</summary>
    public IReadOnlyList<string> Unsupported => _unsupported;

    /// <summary>What must be known before the resource serves.</summary>
    public IReadOnlyList<ResourceSubscription> Subscriptions => _subscriptions;

    /// <summary>A reference to each of these was taken; whoever drops the model releases them.</summary>
    public IReadOnlyList<StatStore.Instance> Stats => _stats;

    public void AddUnsupported(string text) => _unsupported.Add(text);

    public void AddSubscription(ResourceSubscription subscription) => _subscriptions.Add(subscription);

    /// <summary>The range of a table under a scope.</summary>
    public StatRange RegisterStats(string scope, StatTable table)
    {
        StatStore.Instance instance = Services.Stats.Register(scope, table);
        _stats.Add(instance);
        return instance.Range;
    }

    /// <summary>Gives the stats of a rejected resource back; nothing has counted into them.</summary>
    public void ReleaseStats()
    {
        foreach (StatStore.Instance instance in _stats)
        {
            if (Services.Stats.Release(instance))
            {
                Services.Stats.Recycle(instance.Range);
            }
        }

        _stats.Clear();
    }
}
