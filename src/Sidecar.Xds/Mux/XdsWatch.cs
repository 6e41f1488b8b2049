using System.Collections.Generic;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Mux;

/// <summary>What a mux tells the owner of one watch. Thread: main.</summary>
public abstract class WatchCallbacks
{
    /// <summary>The part of a response in which the watch is interested.</summary>
    public abstract UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version);

    /// <summary>A whole response of this type was refused before anybody saw it.</summary>
    public abstract void OnResponseRejected(string error);

    /// <summary>The stream was lost or could not be opened.</summary>
    public abstract void OnConnectionFailed();
}

/// <summary>One user's interest in resources of one type. Thread: main.</summary>
public sealed class XdsWatch
{
    /// <summary>The name that stands for all resources.</summary>
    public const string Wildcard = "*";

    private readonly XdsMux _mux;

    internal XdsWatch(XdsMux mux, TypeSubscription subscription, WatchCallbacks callbacks)
    {
        _mux = mux;
        Subscription = subscription;
        Callbacks = callbacks;
    }

    internal TypeSubscription Subscription { get; }

    internal WatchCallbacks Callbacks { get; }

    internal HashSet<string> Names { get; private set; } = [];

    internal bool IsWildcard => Names.Contains(Wildcard);

    internal bool IsRemoved { get; private set; }

    /// <summary>Changes the names watched. Names that another watch has already fetched are delivered from memory.</summary>
    public void Update(IReadOnlyCollection<string> names) => _mux.UpdateWatch(this, [.. names]);

    /// <summary>Ends the watch; its callbacks are not called again.</summary>
    public void Remove()
    {
        if (!IsRemoved)
        {
            _mux.UpdateWatch(this, []);
            IsRemoved = true;
        }
    }

    internal void SetNames(HashSet<string> names) => Names = names;
}
