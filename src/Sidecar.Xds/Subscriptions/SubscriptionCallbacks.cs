using System.Collections.Generic;

namespace Sidecar.Xds.Subscriptions;

/// <summary>Why a subscription has no (new) configuration.</summary>
public enum UpdateFailure
{
    None = 0,

    /// <summary>Nothing came within <c>initial_fetch_timeout</c>: start without it. It is still taken when it comes.</summary>
    FetchTimedOut,

    /// <summary>What came was rejected; what ran before goes on.</summary>
    UpdateRejected,
}

/// <summary>The user of a subscription: applies what arrives. Thread: main.</summary>
public abstract class SubscriptionCallbacks
{
    /// <summary>
    /// Resources were added or changed (one that did not change may come again), or are gone. Each is applied on its own: a bad one must
    /// not keep the good ones from taking effect.
    /// </summary>
    /// <param name="added">In the order of the response.</param>
    /// <param name="removed">Names that the server no longer has; possibly unknown ones.</param>
    /// <param name="version">The response's version; empty when resources ran out of their time to live.</param>
    public abstract UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version);

    /// <summary>The subscription failed; whoever waits for its first update should go on without.</summary>
    public virtual void OnUpdateFailed(UpdateFailure reason)
    {
    }
}
