using System;
using System.Collections.Generic;

namespace Sidecar.Xds.Subscriptions;

/// <summary>One user's subscription, wherever its resources come from. Disposing it ends it. Thread: main.</summary>
public abstract class Subscription : IDisposable
{
    /// <summary>Begins; once. Events come from the event loop, never from inside this call.</summary>
    /// <param name="names">Which resources; empty for all of the type.</param>
    public abstract void Start(IReadOnlyCollection<string> names);

    /// <summary>Other names from here on.</summary>
    public abstract void UpdateNames(IReadOnlyCollection<string> names);

    public abstract void Dispose();
}
