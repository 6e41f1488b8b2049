using System.Collections.Generic;
using Sidecar.Network.Addresses;
using Sidecar.Network.Listeners;

namespace Sidecar.Server.Admin.Listeners;

/// <summary>A listener that accepts. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="BoundAddress">Where its sockets are bound, with the port that the kernel chose.</param>
public sealed record ListenerView(string Name, Address BoundAddress);

/// <summary>The listeners that accept. Thread: main.</summary>
public abstract class ListenerSource
{
    public abstract IEnumerable<ListenerView> Active { get; }
}

/// <summary>The listeners of the process. Thread: main.</summary>
public sealed class ManagedListeners(ListenerManager manager) : ListenerSource
{
    public override IEnumerable<ListenerView> Active
    {
        get
        {
            foreach ((ListenerModel model, Address boundAddress) in manager.Active)
            {
                yield return new ListenerView(model.Name, boundAddress);
            }
        }
    }
}
